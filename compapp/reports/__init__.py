"""Figures for the department: the funnel from idea to firm, and how things stand. Only reads.

Nouns: indicator (chỉ số), stage of the funnel (bước của phễu), period (kỳ), split (phân tổ).
May call every room below. Aggregates only: no name of a person and no content of an entry leaves here.
"""
