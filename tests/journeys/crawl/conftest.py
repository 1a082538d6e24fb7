"""The demonstration's four moments, for the tests of this folder."""

from tests.journeys.permissions.stages import built, stage_of

__all__ = ["built", "stage_of"]
