"""The processes beside the web: the worker that runs queued jobs, and the clock that runs periodic ones.

``python -m compapp.worker jobs`` and ``python -m compapp.worker clock``; both outlive a queue server
that goes away and comes back.
"""
