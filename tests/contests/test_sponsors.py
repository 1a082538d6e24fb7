"""Sponsors: a logo is a clean small picture, shown only where it was uploaded."""

import io
import struct
import zlib

import pytest
from flask.testing import FlaskClient
from PIL import Image

from compapp.contests import queries, services
from compapp.contests.models import Contest
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from tests.contests.builders import small
from tests.contests.test_pages import AT, SYSTEM, announce, contest, organiser  # noqa: F401 - fixtures
from tests.contests.wizard import shown

pytestmark = pytest.mark.one_database


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 400), "green").save(out, kind)
    return out.getvalue()


def send(client: FlaskClient, content: bytes, **typed: str) -> int:
    page = "/contests/NHO-2027/manage/setup/sponsors/new"
    sent = {**shown(client.get(page).text).to_dict(), "name__vi": "Ngân hàng", "name__en": "Bank", **typed}
    return client.post(page, data={**sent, "logo": (io.BytesIO(content), "logo.png")}).status_code


def test_a_logo_is_shown_with_the_sponsor(contest: Contest, organiser: FlaskClient, client: FlaskClient) -> None:  # noqa: F811
    assert send(organiser, b"<svg onload=alert(1)>") == 422
    assert send(organiser, picture(), link="javascript:alert(1)") == 422
    assert send(organiser, picture(), gives__vi="10 triệu đồng", link="https://bank.example") == 303
    address = "/contests/NHO-2027/sponsors/bank/logo"
    assert client.get(address).status_code == 404
    with organiser.get(address) as preview:
        assert preview.status_code == 200
    announce(contest)
    with client.get(address) as answer:
        assert answer.mimetype == "image/png"
        assert Image.open(io.BytesIO(answer.data)).size == (640, 160)
    page = client.get("/contests/NHO-2027").text
    assert "10 triệu đồng" in page
    assert address in page


def test_a_file_of_another_contest_is_never_shown_as_a_logo(contest: Contest, organiser: FlaskClient) -> None:  # noqa: F811
    assert send(organiser, picture()) == 303
    sponsors = queries.contest_by_code("NHO-2027").definition["sponsors"]
    document = small("KHAC-2027")
    document["contest"]["sponsors"] = sponsors
    with unit_of_work():
        other = services.import_document(document, actor=SYSTEM, at=AT)
    announce(other)
    assert organiser.get("/contests/KHAC-2027/sponsors/bank/logo").status_code == 404


def test_a_picture_that_says_to_be_vast_is_refused_in_words() -> None:
    """Pillow has an error of its own for 20,000 × 20,000 pixels in a few bytes."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    vast = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    with pytest.raises(Invalid) as refused:
        services.clean_logo(vast + b"\0\0\0\0IEND\xaeB`\x82")
    assert refused.value.fields == {"logo": [("The picture has too many pixels.", {})]}
