"""``python -m compapp.dev``: everything one installation needs, started and stopped as one.

Valkey (from its wheel, on a private socket), migrations, the demonstration where the database is
empty, web, worker and clock. Children that die are started again; Ctrl-C or SIGTERM stops them all.
"""
