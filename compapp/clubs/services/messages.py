"""Words of a club's manager to its cohort, and what was written before."""

from dataclasses import dataclass
from datetime import datetime

from compapp.clubs import notifications, queries
from compapp.clubs.models import Cohort
from compapp.clubs.services.cohorts import must_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.errors import Invalid, Sentence
from compapp.core.text import N_, nfc

SUBJECT_MOST, TEXT_MOST = 120, 2000


@dataclass(frozen=True, slots=True)
class Words:
    """A message in Vietnamese, and in English where the manager wrote that too (both parts or none)."""

    subject: str
    text: str
    subject_en: str = ""
    text_en: str = ""

    @property
    def subject_in_both(self) -> dict[str, str]:
        """The subject in the language of each reader."""
        return {"vi": self.subject, "en": self.subject_en or self.subject}

    @property
    def text_in_both(self) -> dict[str, str]:
        """The text in the language of each reader."""
        return {"vi": self.text, "en": self.text_en or self.text}


def checked_words(cohort: Cohort, words: Words, *, actor: Actor) -> tuple[Words, list[int]]:
    """Return the words as they will be sent, and to whom, without sending (the preview).

    Invalid for an empty or overlong part, one half of an English version, or a cohort without members.
    """
    must_manage(actor, cohort.club_id)
    given = Words(*(nfc(part).strip() for part in (words.subject, words.text, words.subject_en, words.text_en)))
    faults: dict[str, list[Sentence]] = {}
    for name, value, most, needed in (
        ("subject", given.subject, SUBJECT_MOST, True),
        ("text", given.text, TEXT_MOST, True),
        ("subject_en", given.subject_en, SUBJECT_MOST, bool(given.text_en)),
        ("text_en", given.text_en, TEXT_MOST, bool(given.subject_en)),
    ):
        if len(value) > most or (needed and not value):
            sentence = N_("Write a subject of at most %(most)s characters.")
            if name.startswith("text"):
                sentence = N_("Write a message of at most %(most)s characters.")
            faults[name] = [(sentence, {"most": most})]
    people = queries.member_ids(cohort.id)
    if not people and not faults:
        faults["text"] = [(N_("Nobody is in the cohort yet."), {})]
    if faults:
        raise Invalid(fields=faults)
    return given, people


def write_to_cohort(cohort: Cohort, words: Words, *, actor: Actor, at: datetime) -> int:
    """Send plain words to everybody in the cohort; return to how many. The same words go out once a day."""
    given, people = checked_words(cohort, words, actor=actor)
    notifications.club_message(cohort, given.subject_in_both, given.text_in_both, to=people, sender=actor.name, at=at)
    data = {"subject": given.subject, "people": len(people)}
    audit.record("clubs.cohort.written_to", cohort, actor=actor, at=at, data=data)
    return len(people)
