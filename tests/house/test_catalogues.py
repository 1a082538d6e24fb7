"""The catalogue tool: what it finds wrong, and what it compiles."""

import gettext
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tools.catalogues import Use, compiled, faults

TEXTS = {
    "Submit": Use("Submit", ["compapp/entries/forms.py:1"]),
    "Hello %(name)s": Use("Hello %(name)s", ["templates/web/home.html:3"]),
    "%(num)d entry": Use(("%(num)d entry", "%(num)d entries"), ["templates/web/home.html:4"]),
}
COMPLETE = """
msgid "Submit"
msgstr "Nộp bài"

msgid "Hello %(name)s"
msgstr "Chào %(name)s"

msgid "%(num)d entry"
msgid_plural "%(num)d entries"
msgstr[0] "%(num)d bài dự thi"
"""


def _read(text: str) -> Catalog:
    header = 'msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n'
    return read_po(BytesIO((header + text).encode()), locale="vi")


def test_complete_catalogues_have_no_fault() -> None:
    assert faults(TEXTS, {"web.po": _read(COMPLETE)}) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("Nộp bài", ""), "is empty"),
        (("Chào %(name)s", "Chào %(ten)s"), "other places"),
        (("Chào %(name)s", "Chào"), "other places"),
        (('msgid "Submit"', 'msgid "Send"'), "is not used"),
        (('msgid "Submit"', '#, fuzzy\nmsgid "Submit"'), "fuzzy"),
        (('msgid "Submit"\nmsgstr "Nộp bài"\n', ""), "is not translated"),
        (('\nmsgid_plural "%(num)d entries"\nmsgstr[0]', "\nmsgstr"), "plural"),
        (('msgid "Submit"', '#~ msgid "Send"\n#~ msgstr "Gửi"\n\nmsgid "Submit"'), "obsolete"),
    ],
)
def test_each_fault_is_named(change: tuple[str, str], sentence: str) -> None:
    broken = COMPLETE.replace(*change)
    assert broken != COMPLETE
    assert any(sentence in fault for fault in faults(TEXTS, {"web.po": _read(broken)}))


def test_two_rooms_may_not_contradict_each_other() -> None:
    other = _read('msgid "Submit"\nmsgstr "Gửi"\n')
    assert any("differently" in fault for fault in faults(TEXTS, {"web.po": _read(COMPLETE), "entries.po": other}))


def test_the_compiled_catalogue_translates() -> None:
    catalogue = gettext.GNUTranslations(BytesIO(compiled({"web.po": _read(COMPLETE)})))
    assert catalogue.gettext("Submit") == "Nộp bài"
    assert catalogue.ngettext("%(num)d entry", "%(num)d entries", 3) == "%(num)d bài dự thi"
