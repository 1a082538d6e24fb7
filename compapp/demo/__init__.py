"""The demonstration: a whole contest year played through the real services."""
