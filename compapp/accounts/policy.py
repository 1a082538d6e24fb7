"""Who may do what with people and organisations, and what counts as a good address or password. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compapp.core.actor import ORGANISATION, PLATFORM, Actor
from compapp.core.errors import Sentence
from compapp.core.text import N_, fold, nfc

ADMIN, OFFICER = "admin", "officer"
REPRESENTATIVE, MANAGER, ORGANISER, ADVISOR, MEMBER = "representative", "manager", "organiser", "advisor", "member"

PLATFORM_ROLES = {ADMIN: N_("Administrator"), OFFICER: N_("Department officer")}
ORGANISATION_ROLES = {
    REPRESENTATIVE: N_("Representative"),
    MANAGER: N_("Manager"),
    ORGANISER: N_("Contest organiser"),
    ADVISOR: N_("Advisor"),
    MEMBER: N_("Member"),
}
KINDS_ABOVE = frozenset({"department", "university"})
"""What may stand above another organisation: on its papers, and to speak for schools that have nobody of their own."""
ORGANISATION_KINDS = {
    "university": N_("University"),
    "campus": N_("Campus"),
    "university_campus": N_("Campus of a university"),
    "college": N_("College"),
    "vocational_school": N_("Vocational school"),
    "high_school": N_("High school"),
    "lower_secondary": N_("Lower secondary school"),
    "school": N_("Secondary school"),
    "club": N_("Start-up club"),
    "department": N_("Department"),
    "incubator": N_("Incubator"),
    "company": N_("Company"),
    "fund": N_("Investment fund"),
    "association": N_("Association"),
    "other": N_("Other organisation"),
}
SCHOOL_KINDS = frozenset(
    {
        "university",
        "campus",
        "university_campus",
        "college",
        "vocational_school",
        "high_school",
        "lower_secondary",
        "school",
    }
)
"""The kinds of organisation that have students with numbers of their own."""
_LEADING = frozenset({REPRESENTATIVE, MANAGER, ORGANISER})

PASSWORD_LEAST, PASSWORD_MOST = 10, 200
AGE_LEAST = 16
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_COMMON = frozenset(
    {"1234567890", "0123456789", "password123", "matkhau123", "qwertyuiop", "iloveyou123", "abcd123456"}
)


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What the policies need to know of an organisation; ``spoken_for_by``: the body above, where it has nobody."""

    organisation_id: int
    spoken_for_by: int | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the policies need to know of a person."""

    person_id: int


def is_admin(actor: Actor) -> bool:
    """Policy: the platform's administrators; they see people and roles, never what teams write."""
    return actor.has(ADMIN, PLATFORM)


def may_see_person(actor: Actor, _facts: PersonFacts) -> bool:
    """Policy: a person's page with roles is for administrators."""
    return is_admin(actor)


def may_manage_members(actor: Actor, facts: OrganisationFacts) -> bool:
    """Policy: administrators, and who leads the organisation."""
    return is_admin(actor) or actor.has_any(_LEADING, ORGANISATION, facts.organisation_id)


def speaks_for_a_school(actor: Actor) -> bool:
    """Policy: who represents an organisation (the page then keeps to schools)."""
    return bool(actor.scopes(REPRESENTATIVE, ORGANISATION))


def may_confirm_students(actor: Actor, facts: OrganisationFacts) -> bool:
    """Policy: the school's representatives; those of the body above where the school has none."""
    bodies = {facts.organisation_id, facts.spoken_for_by} - {None}
    return actor.is_system or any(actor.has(REPRESENTATIVE, ORGANISATION, body) for body in bodies)


def may_grant(actor: Actor, role: str, organisation_id: int | None) -> bool:
    """Policy: nobody gives more than they have.

    Administrators give every role; an officer makes officers; who leads an organisation gives there the
    roles they hold themselves, advisor and member. The system (an import) gives what its file says.
    """
    if actor.is_system or is_admin(actor):
        return role in (PLATFORM_ROLES if organisation_id is None else ORGANISATION_ROLES)
    if organisation_id is None:
        return role == OFFICER and actor.has(OFFICER, PLATFORM)
    if role in {ADVISOR, MEMBER}:
        return actor.has_any(_LEADING, ORGANISATION, organisation_id)
    return role in _LEADING and actor.has(role, ORGANISATION, organisation_id)


def is_asked_first(actor: Actor, organisation_id: int | None) -> bool:
    """Whether people are asked before they get a role of ``actor`` there; administrators alone give it at once."""
    return organisation_id is not None and not (actor.is_system or is_admin(actor))


def grantable_roles(actor: Actor, organisation_id: int | None) -> dict[str, str]:
    """Return the roles that ``actor`` may give there, with their labels."""
    roles = PLATFORM_ROLES if organisation_id is None else ORGANISATION_ROLES
    return {role: label for role, label in roles.items() if may_grant(actor, role, organisation_id)}


def role_label(role: str) -> str:
    """Return the label (a marked msgid) of a role; the role itself where none is known."""
    return {**PLATFORM_ROLES, **ORGANISATION_ROLES}.get(role, role)


def clean_address(email: str) -> str:
    """Return an e-mail address in the form in which it is stored and compared."""
    return nfc(email).strip().lower()


def is_address(email: str) -> bool:
    """Whether ``email`` has the shape of an address."""
    return len(email) <= 254 and _ADDRESS.fullmatch(email) is not None


def password_faults(password: str, *, email: str = "", name: str = "") -> Sequence[Sentence]:
    """Return what is wrong with a chosen password, a sentence each; empty when it is good."""
    if len(password) < PASSWORD_LEAST:
        return [(N_("Use at least %(least)s characters."), {"least": PASSWORD_LEAST})]
    if len(password) > PASSWORD_MOST:
        return [(N_("Use at most %(most)s characters."), {"most": PASSWORD_MOST})]
    plain = fold(password)
    personal = {fold(email), fold(email.partition("@")[0]), fold(name), fold(name).replace(" ", "")}
    if plain in _COMMON or plain in personal or len(set(plain)) < 5:
        return [(N_("This password is easy to guess. Take a few words that only you would put together."), {})]
    return []


def clean_phone(phone: str) -> str | None:
    """Return a Vietnamese or international number as +84…, nothing for what is no number."""
    digits = re.sub(r"[\s.()-]", "", phone)
    if re.fullmatch(r"0\d{9,10}", digits):
        return "+84" + digits[1:]
    return digits if re.fullmatch(r"\+\d{8,15}", digits) else None


def clean_number(number: str) -> str:
    """Return a student number as it is compared: capitals and digits only; empty for none."""
    return re.sub(r"[^0-9A-Z]", "", fold(number).upper())[:40]


def age_on(born: date, day: date) -> int:
    """Return the age in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
