"""The pages that everybody may read, and the public vote."""

from compapp.portal.views import contests, gallery, start, texts, voting
from compapp.portal.views.base import bp

__all__ = ["bp", "contests", "gallery", "start", "texts", "voting"]
