"""Composed pictures: a river, a sun and fields in the colours of the sector, with the title over them."""

import math
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from compapp.demo.content.attachments.paper import BOLD, REGULAR, Colour

WHITE: Colour = (255, 255, 255)
SUN: Colour = (250, 204, 92)

PALETTES: dict[str, tuple[Colour, Colour, Colour]] = {
    "agri_hightech": ((214, 236, 220), (74, 142, 84), (20, 88, 66)),
    "food_processing": ((253, 233, 208), (222, 140, 68), (140, 70, 30)),
    "energy_saving": ((216, 236, 246), (58, 134, 176), (18, 72, 112)),
    "ict": ((222, 228, 246), (92, 106, 186), (40, 48, 112)),
    "new_materials": ((238, 228, 220), (176, 96, 72), (104, 48, 38)),
    "tourism_services": ((250, 226, 218), (204, 92, 84), (122, 40, 52)),
    "health_education": ((214, 240, 238), (38, 148, 146), (8, 86, 94)),
    "social_impact": ((240, 226, 244), (146, 90, 168), (82, 42, 104)),
}
"""Sky, field and deep water of each sector."""

PLAIN: tuple[Colour, Colour, Colour] = ((222, 234, 238), (80, 140, 150), (14, 94, 111))


def poster_png(entry_code: str, title: str, one_liner: str, sector: str) -> bytes:
    """Return an upright poster in A0 proportions, 841 × 1189 pixels, PNG."""
    width, height = 841, 1189
    picture = _scene(width, height, 0.46, entry_code, sector)
    draw = ImageDraw.Draw(picture)
    bottom = _lettering(draw, (64, int(height * 0.6)), title, 66, width - 128, bold=True)
    _lettering(draw, (64, bottom + 24), one_liner, 34, width - 128, bold=False)
    _lettering(draw, (64, height - 80), entry_code, 28, width - 128, bold=True)
    return _file(picture.quantize(colors=64, dither=Image.Dither.NONE), "PNG")


def picture_jpg(entry_code: str, title: str, sector: str) -> bytes:
    """Return a wide picture for cards and the showcase, 1200 × 675 pixels, JPEG without metadata."""
    width, height = 1200, 675
    picture = _scene(width, height, 0.55, entry_code, sector)
    _lettering(ImageDraw.Draw(picture), (72, int(height * 0.68)), title, 72, width - 144, bold=True)
    return _file(picture, "JPEG")


def _scene(width: int, height: int, horizon: float, entry_code: str, sector: str) -> Image.Image:
    """Draw sky, sun, three fields and the river; the entry's code moves the sun and the hills."""
    sky, field, water = PALETTES.get(sector, PLAIN)
    turn = sum(ord(letter) * place for place, letter in enumerate(entry_code, start=1)) % 17
    picture = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(picture)
    radius = height // 9
    left, top = int(width * (0.15 + turn * 0.035)), int(height * 0.14)
    draw.ellipse((left, top, left + 2 * radius, top + 2 * radius), fill=SUN)
    level = int(height * horizon)
    for step in range(3):
        shade = _between(sky, field, 0.45 + 0.25 * step)
        _wave(draw, width, height, level - 90 + 45 * step, 26 - 6 * step, turn + step * 5, shade)
    for step in range(4):
        shade = _between(field, water, 0.55 + 0.15 * step)
        _wave(draw, width, height, level + 40 + 34 * step, 9, turn * 2 + step * 3, shade)
    return picture


def _wave(
    draw: ImageDraw.ImageDraw, width: int, height: int, level: int, swing: int, shift: int, colour: Colour
) -> None:
    """Fill everything below a wavy line."""
    points = [(x, level + swing * math.sin(x / width * 9 + shift)) for x in range(0, width + 12, 12)]
    draw.polygon([*points, (width, height), (0, height)], fill=colour)


def _between(first: Colour, second: Colour, share: float) -> Colour:
    mixed = [round(one + (other - one) * share) for one, other in zip(first, second, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _lettering(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, room: int, bold: bool) -> int:
    """Write white lines of at most `room` pixels; return the y below the last."""
    font = ImageFont.truetype(BOLD if bold else REGULAR, size)
    x, y = place
    line = ""
    for word in [*text.split(), ""]:
        longer = f"{line} {word}".strip()
        if line and (not word or draw.textlength(longer, font=font) > room):
            draw.text((x, y), line, font=font, fill=WHITE)
            y += int(size * 1.3)
            line = word
        else:
            line = longer
    return y


def _file(picture: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    if kind == "JPEG":
        picture.save(target, kind, quality=82)
    else:
        picture.save(target, kind, optimize=False)
    return target.getvalue()
