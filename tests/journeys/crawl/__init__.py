"""Walks along all links as every account."""
