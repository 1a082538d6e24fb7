"""What is still missing before an entry can be submitted, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compapp.contests.definition import AttachmentRule, BoardRule, EntryForm, FormField, Text
from compapp.contests.definition.rounds import SCORED
from compapp.contests.models import Board, Contest
from compapp.core.errors import Sentence
from compapp.core.text import N_
from compapp.entries import answers as answer_rules
from compapp.entries.lifecycle import GIVEN
from compapp.entries.models import Attachment, Entry, TeamMember
from compapp.entries.options import options_of
from compapp.entries.queries import rows, standing, team


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do: ``kind`` is field, attachment, team or guardian; ``key`` where to do it."""

    kind: str
    key: str
    label: Text
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is missing, and the share of what is needed that is there, in percent."""

    missing: tuple[Missing, ...]
    percent: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def is_later(contest: Contest, round_code: str | None) -> bool:
    """Whether something asked ``from_round`` belongs to a round that one must first advance to."""
    return round_code in _later_rounds(contest)


def _later_rounds(contest: Contest) -> frozenset[str]:
    """Return the codes of the rounds that come after one that is scored."""
    scored_before, found = False, set()
    for round_ in contest.rounds:
        if scored_before:
            found.add(round_.code)
        scored_before = scored_before or round_.definition["kind"] in SCORED
    return frozenset(found)


def round_asking(form: EntryForm, item: FormField | AttachmentRule) -> str | None:
    """Return the round from which a question or file is asked: its own, or that of the part it stands in."""
    part = form.section(item.section)
    return item.from_round or (part.from_round if part is not None else None)


def fields_asked(
    contest: Contest, board_code: str, *, later: bool = False, answers: Mapping[str, Any] | None = None
) -> list[FormField]:
    """Return the questions for this board that belong to the submission (or to a later round).

    With ``answers`` those are left out whose condition these do not meet.
    """
    form, rounds = EntryForm.of(contest), _later_rounds(contest)
    return [field for field in form.fields if _is_asked(form, field, board_code, rounds, later, answers)]


def attachments_asked(
    contest: Contest, board_code: str, *, later: bool = False, answers: Mapping[str, Any] | None = None
) -> list[AttachmentRule]:
    """Return the attachments for this board that belong to the submission (or to a later round)."""
    form, rounds = EntryForm.of(contest), _later_rounds(contest)
    return [rule for rule in form.attachments if _is_asked(form, rule, board_code, rounds, later, answers)]


def _is_asked(
    form: EntryForm,
    item: FormField | AttachmentRule,
    board_code: str,
    later_rounds: frozenset[str],
    later: bool,
    answers: Mapping[str, Any] | None,
) -> bool:
    part = form.section(item.section)
    if not item.asked_of(board_code) or (part is not None and not part.asked_of(board_code)):
        return False
    if (round_asking(form, item) in later_rounds) is not later:
        return False
    return answers is None or item.asked_with(answers)


def consent_age(board: Board) -> int:
    """Return below which age a guardian is asked, 18 where the board does not say."""
    return BoardRule.of(board).guardian_consent_under or team.ADULT


def asks_guardians(entry: Entry) -> bool:
    """Whether the contest asks the guardians of minors on this entry's board at all."""
    board = working_board(entry)
    rules = attachments_asked(entry.contest, board.code, answers=entry.answers)
    return BoardRule.of(board).guardian_consent_under is not None or any(rule.takes_consent for rule in rules)


def minors(entry: Entry, board: Board | None = None) -> list[TeamMember]:
    """Return the members (not advisors) who need a guardian's consent, reckoned on the closing day."""
    under = consent_age(board or entry.board)
    members = team.active_members(entry.id)
    return [one for one in members if one.role != "advisor" and team.is_minor(one, entry.contest.closes_at, under)]


def working_board(entry: Entry) -> Board:
    """Return the board that the answers name now (a changed board counts before it is submitted)."""
    code = entry.answers.get("board")
    if code == entry.board.code:
        return entry.board
    found = next((board for board in entry.contest.boards if board.code == code), None)
    return found or entry.board


def prepare(entries: Sequence[Entry]) -> None:
    """Read for several entries at once what :func:`completeness` asks of each (their contests are loaded already)."""
    ids = [entry.id for entry in entries]
    for entry_id, members in team.members_of(ids).items():
        team.active_members.keep(members, entry_id)
    for entry_id, files in rows.attachments_now(ids).items():
        rows.current_attachments.keep(files, entry_id)
    if any(minors(entry, working_board(entry)) for entry in entries):
        for entry_id, consents in team.consents_of(ids).items():
            team.guardian_consents.keep(consents, entry_id)


def completeness(entry: Entry) -> Completeness:
    """Return what is missing of ``entry`` as it stands."""
    board = working_board(entry)
    missing: list[Missing] = []
    needed = 0
    for field in fields_asked(entry.contest, board.code, answers=entry.answers):
        sentence = field_fault(entry.contest, field, entry.answers)
        needed += int(field.required)
        if sentence is not None:
            missing.append(Missing("field", field.key, field.label, sentence))
    needed += 1
    missing += _team_faults(entry, board)
    asked, faults = _attachment_faults(entry, board)
    missing += faults
    needed += asked
    done = max(0, needed - len(missing))
    percent = 100 if not missing else min(99, round(100 * done / max(1, needed)))
    return Completeness(tuple(missing), percent)


def field_fault(contest: Contest, field: FormField, answers: Mapping[str, Any]) -> Sentence | None:
    """Return what is wrong with one answer: absent though needed, or over a limit; None when it is fine."""
    value = answers.get(field.key)
    if field.required and not answer_rules.is_filled(field, value):
        return (N_("needs your confirmation"), {}) if field.type in {"checkbox", "consents"} else (N_("is missing"), {})
    options = {option.code for option in options_of(contest, field)} if _has_options(field) else set()
    return answer_rules.clean(field, value, options)[1]


def _has_options(field: FormField) -> bool:
    return field.type in answer_rules.CODES | answer_rules.CODE_LISTS


def _team_faults(entry: Entry, board: Board) -> list[Missing]:
    """Return what the board's rules miss of the team and of the answers they read."""
    label = {"vi": "Đội thi", "en": "Team"}
    labels = {field.key: field.label for field in EntryForm.of(entry.contest).fields}
    return [
        Missing("field" if one.place in labels else one.place, one.place, labels.get(one.place, label), one.sentence)
        for one in standing.rule_faults(entry, board)
    ]


def _attachment_faults(entry: Entry, board: Board) -> tuple[int, list[Missing]]:
    present = rows.current_attachments(entry.id)
    young = minors(entry, board)
    asked, missing = 0, []
    for rule in attachments_asked(entry.contest, board.code, answers=entry.answers):
        if not rule.required and not (rule.only_if_minor and young):
            continue
        asked += 1
        fault = attachment_fault(entry, rule, present.get(rule.key), young)
        if fault is not None:
            missing.append(Missing("guardian" if rule.only_if_minor else "attachment", rule.key, rule.label, fault))
    return asked, missing


def attachment_fault(
    entry: Entry, rule: AttachmentRule, present: Attachment | None, young: list[TeamMember]
) -> Sentence | None:
    """Return what is missing of one needed attachment; a guardian's answers by link may stand in for a file."""
    if present is not None:
        return None
    if rule.takes_consent:
        given = team.guardian_consents(entry.id)
        open_ones = [one for one in young if one.id not in given or given[one.id].state != GIVEN]
        if not open_ones and young:
            return None
        names = ", ".join(member.name for member in open_ones)
        return N_("is missing for: %(names)s"), {"names": names}
    return N_("is missing"), {}
