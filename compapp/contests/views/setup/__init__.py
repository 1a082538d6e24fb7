"""The wizard: the list of its pages, each page, each thing of a list, the check before opening, the rehearsal."""

from compapp.contests.views.setup import check, items, messages, pages, papers, rehearsal

__all__ = ["check", "items", "messages", "pages", "papers", "rehearsal"]
