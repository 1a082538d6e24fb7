import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compapp.core import text


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("Thuý", "Thúy"), ("ĐẶC SẢN", "dac san"), ("  Vĩnh   Long ", "vinh long"), ("Ðức", "duc")],
)
def test_fold_makes_different_writings_agree(one, other):
    assert text.fold(one) == text.fold(other)


def test_names_stand_in_vietnamese_order():
    names = ["Uyên", "Ánh", "Đức", "đỗ", "Dũng", "an", "Ân", "Ăn"]
    assert sorted(names, key=text.sort_key) == ["an", "Ánh", "Ăn", "Ân", "Dũng", "đỗ", "Đức", "Uyên"]


def test_tones_follow_letters():
    tones = ["mạ", "má", "mã", "mả", "mà", "ma"]
    assert sorted(tones, key=text.sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_class_lists_are_sorted_by_given_name():
    assert sorted(["Trần Văn An", "Lê Ân", "Bùi An"], key=text.name_sort_key) == ["Bùi An", "Trần Văn An", "Lê Ân"]
    assert text.given_name("Lâm Hoài Thảo") == "Thảo"
    assert text.given_name("") == ""


@given(st.text())
def test_text_in_either_form_is_kept_alike(value):
    assert text.nfc(value) == text.nfc(unicodedata.normalize("NFD", text.nfc(value)))
    assert "\x00" not in text.nfc(value)
    assert text.fold(text.fold(value)) == text.fold(value)
    assert isinstance(text.sort_key(value), str)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Bạn đã có chỗ: Gặp nhà sáng lập quê nhà", "vi"),
        ("Drone theo cụm", None),
        ("Bìa lục bình", "vi"),
        ("Your entry “Bìa lục bình” was handed in and can be changed until Sunday.", None),
        ("Your entry was handed in on time.", "en"),
        ("OK", None),
        ("", None),
    ],
)
def test_the_language_of_what_people_write(words, language):
    assert text.language_of(words) == language
