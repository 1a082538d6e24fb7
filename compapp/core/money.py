"""Money: whole đồng, written the Vietnamese way."""


def format_vnd(amount: int, locale: str = "vi") -> str:
    """Return ``30.000.000 đồng`` in Vietnamese, ``VND 30,000,000`` in English."""
    if locale == "vi":
        return f"{amount:,}".replace(",", ".") + " đồng"
    return f"VND {amount:,}"


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
_BILLION = 1_000_000_000


def vnd_in_words(amount: int) -> str:
    """Return an amount from 0 in Vietnamese words, as accounting writes it: ``Một trăm linh bảy triệu đồng``."""
    return f"{_read(amount)} đồng".capitalize()


def _read(amount: int) -> str:
    """Return a whole number from 0 in Vietnamese words."""
    if amount >= _BILLION:
        rest = _below_billion(amount % _BILLION, whole=True)
        return f"{_read(amount // _BILLION)} tỷ {rest}".strip()
    return _below_billion(amount, whole=False) or _DIGITS[0]


def _below_billion(amount: int, *, whole: bool) -> str:
    """Read the groups of three digits; ``whole``: something stands before, so that a first group is read in full."""
    words: list[str] = []
    for scale in (2, 1, 0):
        group = amount // 1000**scale % 1000
        if group:
            words += [_group(group, whole=whole or bool(words)), _SCALES[scale]]
    return " ".join(word for word in words if word)


def _group(number: int, *, whole: bool) -> str:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append("mốt" if ones == 1 and tens > 1 else "lăm" if ones == 5 and tens else _DIGITS[ones])
    return " ".join(words)
