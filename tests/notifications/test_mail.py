"""Nothing that a person typed can become a header or markup (safety.md T-MAIL-INJ)."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compapp.accounts.queries import FormOfAddress
from compapp.core.messages import kind
from compapp.notifications.channels import channel_for
from compapp.notifications.mail import Mail, Sender, build
from compapp.notifications.rendering import Reader, one_line, render

SENDER = Sender("no-reply@thi.vn", "Ban tổ chức", "https://thi.vn/inbox/preferences")
AT = datetime(2026, 10, 1, tzinfo=UTC)
NASTY = [
    "Tên\r\nBcc: all@thi.vn",
    "a\nX-Evil: 1",
    "x\u2028y",
    "\u202eevil",
    "=?utf-8?b?xxx?=",
    'quo"te <a@b.vn>',
    "ế" * 900,
    "a" * 2000,
    "",
    ",;:@",
]


def mail(**changes):
    values = {
        "outbox_id": 5,
        "dedupe_key": "k:1",
        "to_address": "a@b.vn",
        "to_name": "Lâm Hoài Thảo",
        "subject": "Chủ đề",
        "text": "Chữ\n",
        "html": "<p>Chữ</p>",
        "sent_at": AT,
    }
    return Mail(**(values | changes))


@pytest.mark.parametrize("text", NASTY)
def test_names_and_subjects_stay_within_their_header(text):
    raw = build(mail(subject=text, to_name=text), SENDER)
    parsed = message_from_bytes(raw, policy=policy.default)
    assert list(parsed.keys()).count("Bcc") == 0
    assert "X-Evil" not in parsed
    assert parsed["Subject"] == one_line(text)
    assert [one.addr_spec for one in parsed["To"].addresses] == ["a@b.vn"]
    assert parsed["To"].addresses[0].display_name.replace(" ", "") == one_line(text).replace(" ", "")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_every_text_survives_the_mail(subject, text):
    text = text.encode("utf-8", "replace").decode()
    subject = subject.encode("utf-8", "replace").decode()
    parsed = message_from_bytes(build(mail(subject=subject, text=text), SENDER), policy=policy.default)
    assert " ".join(str(parsed["Subject"]).split()) == one_line(subject)
    assert parsed.get_body(("plain",)).get_payload(decode=True).decode() == text


def test_the_same_mail_keeps_its_id():
    first = message_from_bytes(build(mail(sent_at=AT), SENDER))
    second = message_from_bytes(build(mail(sent_at=datetime(2027, 1, 1, tzinfo=UTC)), SENDER))
    other = message_from_bytes(build(mail(dedupe_key="k:2"), SENDER))
    assert first["Message-ID"] == second["Message-ID"] != other["Message-ID"]


def test_values_are_text_in_the_html_body():
    reader = Reader("<b>Thảo</b>", "vi", FormOfAddress.OFFICIAL)
    data = dict(kind("role_granted").sample) | {"granter": "<script>x</script> http://evil.vn {{ 7*7 }}"}
    words = render("role_granted", reader, data, site_url="https://thi.vn")
    assert "<script>" not in words.html
    assert "<b>Thảo" not in words.html
    assert "49" not in words.html
    assert 'href="http://evil.vn' not in words.html


def test_an_unknown_way_out_is_refused():
    with pytest.raises(ValueError, match="MAIL_URL"):
        channel_for("ftp://x", SENDER)
