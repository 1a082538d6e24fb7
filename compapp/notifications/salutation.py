"""How a message begins: bạn and given name for students, Thầy/Cô, Ông/Bà and full name for everybody else."""

from compapp.accounts.queries import FormOfAddress
from compapp.core.text import given_name

_VIETNAMESE = {
    FormOfAddress.STUDENT: "Chào bạn {given}",
    FormOfAddress.LECTURER: "Kính gửi Thầy/Cô {full}",
    FormOfAddress.OFFICIAL: "Kính gửi Ông/Bà {full}",
}


def salutation(name: str, form: FormOfAddress, locale: str) -> str:
    """Return the first words, without the comma that follows them."""
    if locale != "vi":
        return f"Dear {name}"
    return _VIETNAMESE[form].format(given=given_name(name), full=name)
