"""The chapters of a contest's year, each a few pages long; they are played in their order on one installation."""
