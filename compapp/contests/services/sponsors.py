"""The logos of sponsors: small pictures that the contest keeps and anybody may see."""

import io
import struct
import zlib
from datetime import datetime

from PIL import Image, UnidentifiedImageError

from compapp.contests.models import Contest
from compapp.contests.services.rights import must_manage
from compapp.core import files
from compapp.core.actor import Actor
from compapp.core.errors import Invalid
from compapp.core.text import N_

LOGOS = "logos"
"""Key of ``contest.kept``: the hashes of the logos that were uploaded here; no other file is ever shown as one."""

MOST_BYTES = 5_000_000
_MOST_PIXELS = 40_000_000
_LARGEST = (640, 320)


def clean_logo(content: bytes) -> bytes:
    """Return a picture as a small PNG without anything else in it. Invalid for what is no picture or too large."""
    if len(content) > MOST_BYTES:
        raise Invalid(fields={"logo": [(N_("The picture is larger than 5 MB."), {})]})
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Invalid(fields={"logo": [(N_("The picture has too many pixels."), {})]})
            small = picture.convert("RGBA")
    except Image.DecompressionBombError:
        raise Invalid(fields={"logo": [(N_("The picture has too many pixels."), {})]}) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, zlib.error):
        raise Invalid(fields={"logo": [(N_("This is no PNG, JPEG or WebP picture."), {})]}) from None
    small.thumbnail(_LARGEST)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def keep_logo(contest: Contest, content: bytes, *, actor: Actor, at: datetime) -> str:
    """Store a cleaned picture and let this contest show it; return its hash. Refused for who may not."""
    must_manage(actor, contest)
    blob = files.store(content, at=at)
    known = list(contest.kept.get(LOGOS) or ())
    if blob.sha256 not in known:
        contest.kept = {**contest.kept, LOGOS: [*known, blob.sha256]}
    return blob.sha256


def logo_of(contest: Contest, sponsor: str) -> str | None:
    """Return the hash of a sponsor's logo that was uploaded to this contest; None for none."""
    for piece in contest.definition.get("sponsors") or ():
        if piece["code"] == sponsor and piece.get("logo") in (contest.kept.get(LOGOS) or ()):
            return str(piece["logo"])
    return None
