"""Journeys through the whole house on the built demonstration."""
