"""QR pictures, drawn by attributes alone so that the content policy holds."""

import io

import segno
from markupsafe import Markup


def qr_picture(text: str, *, scale: int = 4, sized: bool = True) -> Markup:
    """Return ``text`` (an address of ours) as a QR picture in SVG; without ``sized`` the style sheet says how large."""
    sink = io.BytesIO()
    segno.make(text, error="m").save(
        sink,
        kind="svg",
        scale=scale,
        border=2,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=not sized,
        light="white",
    )
    return Markup(sink.getvalue().decode())  # noqa: S704 - made here from an address, no markup in it
