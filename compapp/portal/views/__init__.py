"""The pages that everybody may read."""

from compapp.portal.views import contests, gallery, start, texts
from compapp.portal.views.base import bp

__all__ = ["bp", "contests", "gallery", "start", "texts"]
