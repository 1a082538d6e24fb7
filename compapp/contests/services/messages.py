"""What an organiser changes of the messages that a contest sends: switched off, or with words of their own."""

from collections.abc import Mapping
from datetime import datetime

from compapp.contests.lifecycle import ARCHIVED
from compapp.contests.models import Contest
from compapp.contests.services.revision import must_be_what_was_seen, take_version
from compapp.contests.setup.messages import MOST_WORDS, catalogue, changed
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.errors import Invalid, NotFound
from compapp.core.text import N_, nfc


def change_message(
    contest: Contest,
    kind: str,
    *,
    off: bool,
    words: Mapping[str, str],
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> bool:
    """Set whether a kind of message is sent and what is added to it (language to text); whether anything changed.

    It is no rule: nobody is told. Raises Refused without the right, NotFound for a kind that contests do not send,
    Invalid for one that must be sent or words that are too long, Conflict when somebody has saved since ``version``.
    """
    must_be_what_was_seen(contest, version, actor)
    if kind not in catalogue():
        raise NotFound(N_("There is no such message."))
    if contest.state == ARCHIVED:
        raise Invalid(N_("This contest is archived."))
    if off and not catalogue()[kind].optional:
        raise Invalid(N_("This message tells of a decision or a deadline, or somebody has to act: it is always sent."))
    said = {language: text for language in ("vi", "en") if (text := " ".join(nfc(words.get(language, "")).split()))}
    long = {f"words_{language}" for language, text in said.items() if len(text) > MOST_WORDS}
    if long:
        raise Invalid(
            fields={name: [(N_("Too long: at most %(limit)s characters."), {"limit": MOST_WORDS})] for name in long}
        )
    after = changed(contest.definition, kind, off=off, words=said)
    if after == contest.definition:
        return False
    take_version(contest, version)
    contest.definition = after
    data = {"kind": kind, "off": off, "words": said}
    audit.record("contests.message.changed", contest, actor=actor, at=at, contest_id=contest.id, data=data)
    return True
