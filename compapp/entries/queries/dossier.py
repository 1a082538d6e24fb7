"""What an organiser checks about an entry before deciding, and the cases around it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.definition import BoardRule, RoundRule, Rules
from compapp.contests.models import Contest
from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.core.errors import Sentence
from compapp.core.formats import localized
from compapp.core.text import N_
from compapp.entries import blindness
from compapp.entries.lifecycle import CONFIRMED, GIVEN, PASSED_ON, WAITING
from compapp.entries.models import Case, EligibilityDecision, Endorsement, Entry, GuardianConsent
from compapp.entries.queries import identity, rows, surroundings, team
from compapp.entries.queries.completeness import completeness, minors
from compapp.entries.queries.handed_in import handed_in_files
from compapp.entries.queries.quotas import counted_of_institution, counted_on_board, quota_used, quotas_of
from compapp.entries.queries.standing import rule_faults
from compapp.entries.queries.surroundings import Check as Check  # the checklist's line, offered from here

DEFAULT_FIX_WINDOW = timedelta(hours=48)


def fix_window(contest: Contest) -> timedelta:
    """Return how long a team has to complete its entry (rule ``fix_window_hours`` of the eligibility round)."""
    for round_ in contest.rounds:
        rule = RoundRule.of(round_)
        if rule.fix_window is not None:
            return rule.fix_window
    return DEFAULT_FIX_WINDOW


def endorsement_of(entry_id: int) -> Endorsement | None:
    """Return the school's word on the entry."""
    return session().scalars(select(Endorsement).where(Endorsement.entry_id == entry_id)).one_or_none()


def decisions_of(entry_id: int) -> list[EligibilityDecision]:
    """Return every decision on the entry that was not undone at once, the newest first."""
    return list(
        session().scalars(
            select(EligibilityDecision)
            .where(EligibilityDecision.entry_id == entry_id, EligibilityDecision.undone_at.is_(None))
            .order_by(EligibilityDecision.decided_at.desc(), EligibilityDecision.id.desc())
        )
    )


def cases_of(entry_id: int) -> list[Case]:
    """Return every case about the entry, the newest first."""
    return list(
        session().scalars(
            select(Case)
            .where(Case.entry_id == entry_id)
            .options(joinedload(Case.other_entry))
            .order_by(Case.opened_at.desc(), Case.id.desc())
        )
    )


def open_cases_of(entry_id: int) -> list[Case]:
    """Return the open cases about the entry."""
    return [case for case in cases_of(entry_id) if case.state == "open"]


def open_cases(contest_id: int) -> list[Case]:
    """Return the open cases of a contest, the most urgent first."""
    return list(
        session().scalars(
            select(Case)
            .join(Entry, Entry.id == Case.entry_id)
            .where(Entry.contest_id == contest_id, Case.state == "open")
            .options(joinedload(Case.entry), joinedload(Case.other_entry))
            .order_by(Case.due_at)
        )
    )


def checklist(entry: Entry, at: datetime) -> list[Check]:
    """Return what to look at before deciding, each with what the records say."""
    return [
        _complete(entry),
        _kind(entry),
        *_rules(entry),
        _age(entry),
        _guardians(entry),
        _school(entry),
        _quota(entry),
        *_least(entry),
        _files(entry),
        _answers(entry),
        *surroundings.checks(entry),
    ]


def _complete(entry: Entry) -> Check:
    missing = completeness(entry).missing
    if not missing:
        return Check("complete", True, N_("Completeness"), (N_("Nothing that is required is missing."), {}))
    names = ", ".join(localized(one.label, current_actor().locale) or one.key for one in missing)
    return Check("complete", False, N_("Completeness"), (N_("Missing or wrong: %(names)s."), {"names": names}))


def _kind(entry: Entry) -> Check:
    rule = BoardRule.of(entry.board)
    label = N_("Kind of institution")
    if entry.institution is None:
        return Check("kind", None, label, (N_("The entry names no institution."), {}))
    fits = not rule.eligible_kinds or entry.institution.kind in rule.eligible_kinds
    sentence = N_("The institution fits the board.") if fits else N_("The institution does not fit the board.")
    return Check("kind", fits, label, (sentence, {}))


def _age(entry: Entry) -> Check:
    unknown = [one.name for one in team.active_members(entry.id) if one.role != "advisor" and team.born_of(one) is None]
    if unknown:
        sentence: Sentence = (N_("Date of birth not given: %(names)s."), {"names": ", ".join(unknown)})
        return Check("age", None, N_("Age"), sentence)
    young = len(minors(entry))
    return Check(
        "age", True, N_("Age"), (N_("Dates of birth are given; %(count)s members are minors."), {"count": young})
    )


def _guardians(entry: Entry) -> Check:
    young = minors(entry)
    label = N_("Guardians’ consent")
    if not young:
        return Check("guardian", True, label, (N_("Not needed."), {}))
    consents = team.guardian_consents(entry.id)
    waiting = [one.name for one in young if one.id not in consents or consents[one.id].state != GIVEN]
    if not waiting:
        to_check = passed_on_consents(entry)
        refused = team.refused_before(entry.id) & {one.id for one in young}
        if refused:
            names = ", ".join(one.name for one in young if one.id in refused)
            again = N_("Given now, but a guardian had refused before: %(names)s. Please call the guardian.")
            return Check("guardian", None, label, (again, {"names": names}))
        if not to_check:
            return Check("guardian", True, label, (N_("Given for every minor."), {}))
        names = ", ".join(one.member.name for one in to_check)
        sentence = N_("Given, but through a link that the team passed on: %(names)s. Please call the guardian.")
        return Check("guardian", None, label, (sentence, {"names": names}))
    if "guardian_consent" in rows.current_attachments(entry.id):
        return Check(
            "guardian",
            None,
            label,
            (N_("A file was sent; please look whether it covers: %(names)s."), {"names": ", ".join(waiting)}),
        )
    return Check("guardian", False, label, (N_("Missing for: %(names)s."), {"names": ", ".join(waiting)}))


def passed_on_consents(entry: Entry) -> list[GuardianConsent]:
    """Return the consents of minors that came through a link of the team and that nobody has checked by hand yet."""
    young = minors(entry)
    consents = team.guardian_consents(entry.id) if young else {}
    given = [consents[one.id] for one in young if one.id in consents]
    return [one for one in given if one.state == GIVEN and one.way == PASSED_ON and one.checked_at is None]


def _school(entry: Entry) -> Check:
    label = N_("The school’s confirmation")
    word = endorsement_of(entry.id)
    if word is not None and word.state == CONFIRMED and word.preference is not None:
        sentence = N_("Confirmed by the school on the platform, as its number %(place)s.")
        return Check("school", True, label, (sentence, {"place": word.preference}))
    if word is not None and word.state == CONFIRMED:
        return Check("school", True, label, (N_("Confirmed by the school on the platform."), {}))
    if word is not None and word.state != WAITING:
        return Check("school", False, label, (N_("The school refused: %(note)s"), {"note": word.note or ""}))
    if "school_confirm" in rows.current_attachments(entry.id):
        return Check("school", None, label, (N_("A file was sent; the school has not confirmed on the platform."), {}))
    return Check("school", False, label, (N_("The school has not confirmed yet."), {}))


def _quota(entry: Entry) -> Check:
    """Say how far the tightest limit of the institution is used up, this entry counted."""
    label = N_("Entries of the institution")
    limits = [one for one in quotas_of(entry.contest, entry.board, entry.sector) if one.most is not None]
    if not limits or entry.institution_id is None:
        return Check("quota", True, label, (N_("There is no limit."), {}))
    used = [(quota_used(entry, one), one.most or 0) for one in limits]
    count, most = max(used, key=lambda pair: pair[0] / max(1, pair[1]))
    return Check("quota", count <= most, label, (N_("%(count)s of at most %(most)s."), {"count": count, "most": most}))


def _least(entry: Entry) -> list[Check]:
    """Say whether institution and board have as many entries as the rules want; nothing without such rules."""
    found: list[Check] = []
    least = Rules.of(entry.contest).min_entries_per_institution
    if least is not None and entry.institution_id is not None:
        count = counted_of_institution(entry.contest_id, entry.institution_id)
        sentence = N_("%(count)s of at least %(least)s that each institution sends.")
        params = {"count": count, "least": least}
        found.append(Check("least", count >= least, N_("Entries of the institution"), (sentence, params)))
    needed = BoardRule.of(entry.board).min_entries
    if needed is not None:
        count = counted_on_board(entry.board_id)
        sentence = N_("%(count)s of at least %(least)s with which the board runs.")
        params = {"count": count, "least": needed}
        found.append(Check("board_least", count >= needed, N_("Entries of the board"), (sentence, params)))
    return found


def _rules(entry: Entry) -> list[Check]:
    """Say which rules of the board about the team itself are not met, each on a line of its own."""
    found = [one for one in rule_faults(entry, entry.board) if one.rule != "team_size"]
    if not found:
        return [Check("rules", True, N_("Rules of the board"), (N_("The team meets every rule of its board."), {}))]
    return [Check(one.rule, False, N_("The team"), one.sentence) for one in found]


def _files(entry: Entry) -> Check:
    label = N_("Files are blind")
    present = handed_in_files(entry, rows.newest_version(entry.id)).values()
    held = [one.file_name or one.link or one.key for one in present if one.blind_state == blindness.WITHHELD]
    if held:
        return Check("files", False, label, (N_("Withheld from judges: %(names)s."), {"names": ", ".join(held)}))
    if any(one.blind_state == blindness.UNCHECKED for one in present):
        return Check("files", None, label, (N_("Some files are still being checked."), {}))
    return Check("files", True, label, (N_("No file tells who the team is."), {}))


def _answers(entry: Entry) -> Check:
    label = N_("Answers are blind")
    found = identity.name_findings(entry)
    if found:
        return Check(
            "answers",
            None,
            label,
            (N_("Names found in: %(names)s. Judges see them masked."), {"names": ", ".join(found)}),
        )
    return Check("answers", True, label, (N_("No answer tells who the team is."), {}))
