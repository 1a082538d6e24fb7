"""The mathematics of placement: deferred acceptance, pure."""
