"""The workshop: makes the demonstration's files once and keeps them for the next time."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from compapp.demo import content
from compapp.demo.content import attachments

EDITION = "2"
"""Goes up whenever a file is made in another way, so that no old one is taken."""


class Workshop:
    """Makes files on demand and keeps them in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def proposal(self, entry: Mapping[str, Any]) -> bytes:
        """Return an entry's proposal without any name."""
        return self._made("proposal", _facts(entry), lambda: attachments.proposal_pdf(*_facts(entry)))

    def leaky_proposal(self, entry: Mapping[str, Any], school: str) -> bytes:
        """Return a proposal that names the school."""
        given = (*_facts(entry), school)
        return self._made("leaky", given, lambda: attachments.leaky_proposal_pdf(*given))

    def slides(self, entry: Mapping[str, Any]) -> bytes:
        """Return an entry's slides."""
        return self._made("slides", _facts(entry), lambda: attachments.slides_pdf(*_facts(entry)))

    def poster(self, entry: Mapping[str, Any]) -> bytes:
        """Return an entry's poster."""
        given = (entry["code"], entry["title"]["vi"], entry["one_liner"]["vi"], entry["sector"])
        return self._made("poster", given, lambda: attachments.poster_png(*given))

    def school_confirmation(self, school: str, entry: Mapping[str, Any], signed: date) -> bytes:
        """Return the school's paper about a team."""
        given = (school, entry["members"], signed)
        return self._made("school", given, lambda: attachments.school_confirmation_pdf(*given))

    def guardian_consent(self, member: Mapping[str, Any], school: str, guardian: str, signed: date) -> bytes:
        """Return a guardian's signed consent."""
        born = date.fromisoformat(member["born"])
        given = (member["name"], born, school, guardian, False, signed)
        return self._made("guardian", given, lambda: attachments.guardian_consent_pdf(*given))

    def decision_scan(self, number: str, signed: date, signer: str, lines: list[str]) -> bytes:
        """Return the scan of a signed decision."""
        given = (number, signed, signer, lines)
        return self._made("decision", given, lambda: attachments.decision_scan_pdf(*given))

    def _made(self, kind: str, given: object, make: Callable[[], bytes]) -> bytes:
        name = hashlib.sha256(f"{EDITION}:{kind}:{given!r}".encode()).hexdigest()
        path = self._folder / name
        if path.is_file():
            return path.read_bytes()
        made = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_bytes(made)
        partial.replace(path)
        return made


def _facts(entry: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    answers = entry.get("answers") or content.answers(entry["code"])
    return entry["code"], entry["title"]["vi"], dict(answers)
