"""Setting up a contest: the definition as a document that is edited step by step, and what is wrong with it. Pure.

``lists`` knows where the things of a definition stand and edits them; ``tidy`` takes out what leads nowhere any
more; ``holidays`` knows the days on which nobody should have a deadline; ``checks`` finds what is missing,
impossible or unfair, each in a sentence with what to do; ``steps`` are the wizard's pages in order.
"""
