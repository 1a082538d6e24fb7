"""Money: whole đồng, written the Vietnamese way."""


def format_vnd(amount: int, locale: str = "vi") -> str:
    """Return ``30.000.000 đồng`` in Vietnamese, ``VND 30,000,000`` in English."""
    if locale == "vi":
        return f"{amount:,}".replace(",", ".") + " đồng"
    return f"VND {amount:,}"
