"""What the accounts room tells whom. Links that open an account go by e-mail only.

They travel as ``secret_path``, which the notifications room strikes out once the message has gone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from compapp.accounts import queries
from compapp.accounts.lifecycle import CONFIRMED
from compapp.accounts.models import Organisation, OrganisationInvitation, Person, StudentIdentity
from compapp.accounts.policy import role_label
from compapp.core import outbox
from compapp.core.clock import local
from compapp.core.messages import message
from compapp.core.text import N_


@message(
    "invitation",
    urgent=True,
    required=True,
    sample={
        "secret_path": "/invitation/sample",
        "inviter": "Nguyễn Thị Mai",
        "purpose": {"vi": "giám khảo cuộc thi Ý tưởng khởi nghiệp", "en": "judge of the start-up idea contest"},
        "role": "",
        "organisation": None,
        "expires_at": "2026-10-15T02:00:00+00:00",
    },
)
def invited(
    person: Person,
    token: str,
    *,
    inviter: str,
    purpose: dict[str, str] | None,
    role: str,
    organisation: Organisation | None,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Tell a person that an account waits for them; ``role`` is a marked msgid."""
    data: dict[str, Any] = {
        "secret_path": f"/invitation/{token}",
        "inviter": inviter,
        "purpose": purpose,
        "role": role,
        "organisation": organisation.name if organisation else None,
        "expires_at": expires_at.isoformat(),
    }
    _mail("invitation", person, data, at)


@message(
    "organisation_invitation",
    sample={
        "organisation": {"vi": "Trường Đại học Cửu Long", "en": "Cuu Long University"},
        "inviter": "Nguyễn Thị Mai",
        "role": N_("Representative"),
        "path": "/organisation-invitations/1",
    },
)
def asked(found: OrganisationInvitation, *, at: datetime) -> int:
    """Ask an address into an organisation."""
    data = {"organisation": found.organisation.name, "role": role_label(found.role)}
    return post_invitation("organisation_invitation", found, data, at=at)


def post_invitation(
    kind: str, found: OrganisationInvitation, data: Mapping[str, Any], *, form_of_address: str = "", at: datetime
) -> int:
    """Post an invitation: in the inbox too where the address has an account, nowhere where that is closed.

    ``form_of_address`` is for an address without an account: nothing is known there of whose it is.
    """
    data = {**data, "inviter": found.sent_by_name, "path": f"/organisation-invitations/{found.id}"}
    subject, version = ("organisation_invitation", found.id), at.isoformat()
    person = queries.person_by_email(found.email)
    if person is not None and (person.password_hash or not person.active):
        to = [person.id] if person.active else []
        return outbox.post(kind, to=to, subject=subject, version=version, data=data, at=at)
    data = {**data, "form_of_address": form_of_address} if form_of_address else data
    return outbox.post_to_address(
        kind, found.email, name=found.name, locale="vi", subject=subject, version=version, data=data, at=at
    )


@message(
    "role_granted",
    sample={
        "role": N_("Advisor"),
        "organisation": {"vi": "Trường Đại học Cửu Long", "en": "Cuu Long University"},
        "purpose": None,
        "granter": "Nguyễn Thị Mai",
        "path": "/home",
    },
)
def role_granted(
    person: Person,
    *,
    role: str,
    organisation: Organisation | None,
    purpose: dict[str, str] | None = None,
    path: str = "/home",
    granter: str,
    at: datetime,
) -> None:
    """Tell a person of a new role; ``role`` is a marked msgid, empty where ``purpose`` says it all."""
    data: dict[str, Any] = {
        "role": role,
        "organisation": organisation.name if organisation else None,
        "purpose": purpose,
        "granter": granter,
        "path": path,
    }
    subject = ("organisation", organisation.id) if organisation else ("person", person.id)
    outbox.post("role_granted", to=[person.id], subject=subject, version=f"{role}:{at.isoformat()}", data=data, at=at)


@message(
    "password_reset",
    urgent=True,
    required=True,
    sample={"secret_path": "/new-password/sample", "expires_at": "2026-10-03T02:00:00+00:00"},
)
def reset_asked(person: Person, token: str, *, expires_at: datetime, at: datetime) -> None:
    """Send the link with which a new password can be chosen."""
    data = {"secret_path": f"/new-password/{token}", "expires_at": expires_at.isoformat()}
    _mail("password_reset", person, data, at)


@message(
    "confirm_address",
    urgent=True,
    required=True,
    sample={"secret_path": "/confirmation/sample", "expires_at": "2026-10-03T02:00:00+00:00"},
)
def confirmation_asked(email: str, token: str, *, name: str, locale: str, expires_at: datetime, at: datetime) -> None:
    """Send the link that turns a sign-up into an account."""
    outbox.post_to_address(
        "confirm_address",
        email,
        name=name,
        locale=locale,
        subject=("sign_up", 0),
        version=at.isoformat(),
        data={
            "secret_path": f"/confirmation/{token}",
            "expires_at": expires_at.isoformat(),
            "form_of_address": "student",
        },
        at=at,
    )


@message("account_exists", urgent=True, required=True, sample={"path": "/forgotten-password"})
def account_exists(person: Person, *, at: datetime) -> None:
    """Tell somebody who signs up a second time that they have an account; the page does not say so."""
    _mail("account_exists", person, {"path": "/forgotten-password"}, at)


@message(
    "new_device",
    urgent=True,
    required=True,
    sample={"browser": "Firefox, Windows", "at": "2026-10-01T02:00:00+00:00", "path": "/account/sessions"},
)
def new_device(person: Person, *, browser: str, session_id: int, at: datetime) -> None:
    """Tell a person that their account was opened in a browser not seen before."""
    outbox.post(
        "new_device",
        to=[person.id],
        subject=("sign_in_session", session_id),
        data={"browser": browser, "at": at.isoformat(), "path": "/account/sessions"},
        at=at,
    )


@message(
    "confirm_new_address",
    urgent=True,
    required=True,
    sample={"secret_path": "/address/sample", "expires_at": "2026-10-03T02:00:00+00:00"},
)
def new_address_asked(person: Person, email: str, token: str, *, expires_at: datetime, at: datetime) -> None:
    """Send the link with which an address becomes the person's."""
    outbox.post_to_address(
        "confirm_new_address",
        email,
        name=person.name,
        locale=person.locale,
        subject=("person", person.id),
        version=at.isoformat(),
        data={"secret_path": f"/address/{token}", "expires_at": expires_at.isoformat(), **_as_reader(person)},
        at=at,
    )


@message(
    "address_changed",
    urgent=True,
    required=True,
    sample={"old": "an@truong.vn", "new": "an@example.vn", "use": "main", "path": "/account/addresses"},
)
def address_changed(person: Person, *, old: str | None, new: str, use: str, at: datetime) -> None:
    """Tell a person, and the mailbox that is left behind, which address is theirs from now on."""
    data = {"old": old or "", "new": new, "use": use, "path": "/account/addresses"}
    version = at.isoformat()
    outbox.post("address_changed", to=[person.id], subject=("person", person.id), version=version, data=data, at=at)
    if old and old != person.email:
        outbox.post_to_address(
            "address_changed",
            old,
            name=person.name,
            locale=person.locale,
            subject=("person", person.id),
            version=version,
            data=data | _as_reader(person),
            at=at,
        )


@message(
    "accounts_merged",
    urgent=True,
    required=True,
    sample={"admin": "Trần Minh", "kept": "a…@truong.vn", "gone": "a…@nha.vn", "left": False, "path": "/account"},
)
def accounts_merged(kept: Person, left: Sequence[str], *, admin: str, at: datetime) -> None:
    """Tell the account that stays and every mailbox of the one that is closed; either reads the other's address veiled.

    Veiled because two people merged by mistake must not learn each other's address.
    """
    data = {
        "admin": admin,
        "kept": _veiled(kept.email or ""),
        "gone": ", ".join(_veiled(one) for one in left),
        "left": False,
        "path": "/account",
    }
    subject, version = ("person", kept.id), at.isoformat()
    outbox.post("accounts_merged", to=[kept.id], subject=subject, version=version, data=data, at=at)
    for address in left:
        outbox.post_to_address(
            "accounts_merged",
            address,
            name=kept.name,
            locale=kept.locale,
            subject=subject,
            version=version,
            data=data | _as_reader(kept) | {"left": True},
            at=at,
        )


def _veiled(address: str) -> str:
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if domain else "–"


def _mail(kind: str, person: Person, data: dict[str, Any], at: datetime) -> None:
    """Post what only the mailbox may get: a secret, or what concerns the way in."""
    subject, channels = ("person", person.id), (outbox.EMAIL,)
    outbox.post(kind, to=[person.id], subject=subject, version=at.isoformat(), data=data, at=at, channels=channels)


def _as_reader(person: Person) -> dict[str, str]:
    """Let a mail to a bare address greet the person as their other messages do."""
    return {"form_of_address": str(queries.forms_of_address([person.id])[person.id])}


@message(
    "students_waiting",
    sample={
        "school": {"vi": "Trường Đại học Cửu Long", "en": "Cuu Long University"},
        "path": "/organisations/1/students",
    },
)
def students_waiting(school: Organisation, *, at: datetime) -> None:
    """Tell a school's representatives, once a day, that students wait for their word."""
    outbox.post(
        "students_waiting",
        to=queries.spokespeople_of(school.id),
        subject=("organisation", school.id),
        version=local(at).date().isoformat(),
        data={"school": school.name, "path": f"/organisations/{school.id}/students?state=stated"},
        at=at,
    )


@message(
    "identity_decided",
    sample={
        "school": {"vi": "Trường Đại học Cửu Long", "en": "Cuu Long University"},
        "number": "SV0002",
        "confirmed": False,
        "reason": "Số này thuộc về lớp khác.",
        "path": "/account/student-numbers",
    },
)
def identity_decided(row: StudentIdentity, *, at: datetime) -> None:
    """Tell a student that the school confirms or refuses the number."""
    data: dict[str, Any] = {
        "school": row.organisation.name,
        "number": row.number,
        "confirmed": row.state == CONFIRMED,
        "reason": row.reason or "",
        "path": "/account/student-numbers",
    }
    version = f"{row.state}:{at.isoformat()}"
    outbox.post(
        "identity_decided", to=[row.person_id], subject=("student_identity", row.id), version=version, data=data, at=at
    )


@message(
    "guardian_account",
    urgent=True,
    required=True,
    sample={"secret_path": "/guardians/sample", "child": "Trần Gia An", "expires_at": "2026-10-15T02:00:00+00:00"},
)
def guardian_asked(
    email: str, token: str, *, name: str, child: str, locale: str, expires_at: datetime, at: datetime
) -> None:
    """Ask a guardian whether a child under 16 may have an account."""
    data = {"secret_path": f"/guardians/{token}", "child": child, "expires_at": expires_at.isoformat()}
    version = at.isoformat()
    outbox.post_to_address(
        "guardian_account",
        email,
        name=name,
        locale=locale,
        subject=("sign_up", 0),
        version=version,
        data=data,
        at=at,
    )


@message("guardian_account_refused", urgent=True, required=True, sample={"path": "/sign-up"})
def guardian_refused(email: str, *, name: str, locale: str, link_id: int, at: datetime) -> None:
    """Tell a child that the guardian does not agree to the account."""
    data = {"path": "/sign-up", "form_of_address": "student"}
    outbox.post_to_address(
        "guardian_account_refused",
        email,
        name=name,
        locale=locale,
        subject=("link", link_id),
        data=data,
        at=at,
    )
