"""What does not fit in the plan of a live round, in sentences: times, judges, people, the rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.text import N_
from compapp.entries.models import TeamMember
from compapp.judging.lifecycle import ABSENT, DONE, WITHDRAWN
from compapp.judging.models import Hall, PitchSlot
from compapp.judging.queries.hall import PanelLine

_SHOWN = 6


def plan_faults(
    round_: Round, halls: Sequence[Hall], slots: Sequence[PitchSlot], panel: Mapping[int, Sequence[PanelLine]]
) -> list[Sentence]:
    """Return what does not fit, each with its parameters (moments stay moments); one statement."""
    waiting = [slot for slot in slots if slot.state not in (DONE, ABSENT, WITHDRAWN)]
    return [
        *_times(round_, waiting),
        *_minutes(round_, halls),
        *_judges_in_two_halls(waiting, panel),
        *_people_in_two_teams(waiting),
        *_small_panels(round_, waiting, panel),
    ]


def _ends(slot: PitchSlot) -> datetime:
    return slot.starts_at + timedelta(minutes=slot.hall.pitch_minutes + slot.hall.question_minutes)


def _times(round_: Round, slots: Sequence[PitchSlot]) -> list[Sentence]:
    if not slots:
        return []
    first, last = min(slot.starts_at for slot in slots), max(map(_ends, slots))
    found: list[Sentence] = []
    if first < round_.opens_at:
        sentence = N_("The first team pitches at %(first)s, before the round begins (%(opens)s).")
        found.append((sentence, {"first": first, "opens": round_.opens_at}))
    if last > round_.closes_at:
        sentence = N_("The last team is ready at %(last)s, after the round ends (%(closes)s).")
        found.append((sentence, {"last": last, "closes": round_.closes_at}))
    return found


def _minutes(round_: Round, halls: Sequence[Hall]) -> list[Sentence]:
    pitch, questions = round_.definition.get("pitch_minutes"), round_.definition.get("qa_minutes")
    if pitch is None:
        return []
    sentence = N_("%(hall)s gives %(pitch)s + %(questions)s minutes; the rules say %(rule)s.")
    rule = f"{pitch} + {questions or 0}"
    return [
        (
            sentence,
            {"hall": hall.name or hall.position, "pitch": hall.pitch_minutes, "questions": hall.question_minutes}
            | {"rule": rule},
        )
        for hall in halls
        if (hall.pitch_minutes, hall.question_minutes) != (pitch, questions or 0)
    ]


def _overlap(one: PitchSlot, other: PitchSlot) -> bool:
    return one.starts_at < _ends(other) and other.starts_at < _ends(one)


def _judges_in_two_halls(slots: Sequence[PitchSlot], panel: Mapping[int, Sequence[PanelLine]]) -> list[Sentence]:
    if len({slot.hall_id for slot in slots}) < 2:
        return []
    of_judge: dict[tuple[str, str], list[PitchSlot]] = {}
    for slot in slots:
        for line in panel.get(slot.entry_id, ()):
            of_judge.setdefault((line.judge, line.name), []).append(slot)
    names = [
        f"{code} {name}"
        for (code, name), own in sorted(of_judge.items())
        if any(one.hall_id != other.hall_id and _overlap(one, other) for one in own for other in own)
    ]
    if not names:
        return []
    return [(N_("In two halls at the same time: %(names)s."), {"names": _listed(names)})]


def _people_in_two_teams(slots: Sequence[PitchSlot]) -> list[Sentence]:
    by_entry = {slot.entry_id: slot for slot in slots}
    rows = session().execute(
        select(TeamMember.person_id, TeamMember.entry_id).where(
            TeamMember.entry_id.in_(list(by_entry)),
            TeamMember.left_at.is_(None),
            TeamMember.person_id.is_not(None),
            TeamMember.role != "advisor",
        )
    )
    of_person: dict[int, list[PitchSlot]] = {}
    for person, entry_id in rows:
        of_person.setdefault(person or 0, []).append(by_entry[entry_id])
    pairs = Counter(
        " – ".join(sorted((one.entry.code, other.entry.code)))
        for own in of_person.values()
        for place, one in enumerate(own)
        for other in own[place + 1 :]
        if _overlap(one, other)
    )
    if not pairs:
        return []
    sentence = N_("Somebody is on two teams that pitch at the same time: %(teams)s.")
    return [(sentence, {"teams": _listed(sorted(pairs))})]


def _small_panels(
    round_: Round, slots: Sequence[PitchSlot], panel: Mapping[int, Sequence[PanelLine]]
) -> list[Sentence]:
    if slots and not panel:
        return [(N_("No judge has been given the teams of this round yet: nobody can score them."), {})]
    wanted = int(round_.definition.get("judges_per_entry") or 0)
    few = [
        f"{slot.entry.code} ({len(panel.get(slot.entry_id, ()))}/{wanted})"
        for slot in slots
        if len(panel.get(slot.entry_id, ())) < wanted
    ]
    if not few:
        return []
    return [(N_("Fewer judges than the rules ask for: %(teams)s."), {"teams": _listed(few)})]


def _listed(words: Sequence[str]) -> str:
    left = len(words) - _SHOWN
    return ", ".join(words) if left <= 0 else f"{', '.join(words[:_SHOWN])} (+{left})"
