from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compapp.core import formats, money
from compapp.core.errors import Invalid
from compapp.core.numbers import exact, parse_decimal, round_half_up


@pytest.mark.parametrize(("typed", "value"), [("7,5", "7.5"), ("7.5", "7.5"), (" -0,25 ", "-0.25"), ("10", "10")])
def test_numbers_are_read_with_comma_or_point(typed, value):
    assert parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "NaN", "1e9", "1,234.5", "Infinity", "7..5", "bảy", "٣", "--1"])
def test_anything_else_is_no_number(typed):
    with pytest.raises(Invalid):
        parse_decimal(typed)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("1.005", 2, "1.01"), ("7", 2, "7.00")],
)
def test_halves_are_rounded_away_from_zero(value, decimals, rounded):
    assert str(round_half_up(Fraction(value), decimals)) == rounded


@given(st.fractions(), st.integers(0, 4))
def test_rounding_is_never_off_by_more_than_half(value, decimals):
    assert abs(Fraction(round_half_up(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)


def test_numbers_of_a_file_are_exact():
    assert exact(7.1) == Fraction(71, 10)


def test_values_are_written_the_readers_way():
    assert formats.number(Decimal("1234.5"), None, "vi") == "1.234,5"
    assert formats.number(Decimal("1234.5"), None, "en") == "1,234.5"
    assert money.format_vnd(30_000_000) == "30.000.000 đồng"
    assert money.vnd_in_words(107_000_000) == "Một trăm linh bảy triệu đồng"
    assert money.vnd_in_words(2_015_005_021) == (
        "Hai tỷ không trăm mười lăm triệu không trăm linh năm nghìn không trăm hai mươi mốt đồng"
    )
    assert [money.vnd_in_words(one) for one in (0, 5, 15, 55)] == [
        "Không đồng",
        "Năm đồng",
        "Mười lăm đồng",
        "Năm mươi lăm đồng",
    ]
    closes = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
    assert formats.moment(closes, "vi") == "Chủ nhật, 15/11/2026, 17:00 (GMT+7)"
    assert formats.moment(closes.isoformat(), "en") == "Sunday, 15/11/2026, 17:00 (GMT+7)"
    assert formats.day(date(2026, 11, 15)) == formats.day("2026-11-15") == formats.day(closes) == "15/11/2026"
    assert formats.moment(None) == formats.day(None) == ""
    assert formats.localized({"vi": "", "en": "x"}, "vi") == "x"
