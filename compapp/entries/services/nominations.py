"""A club looks at an entry before the school does, and nominates within the quota of a school."""

from datetime import datetime

from sqlalchemy import select

from compapp.accounts import queries as accounts
from compapp.accounts.models import Organisation
from compapp.clubs import notifications as telling
from compapp.clubs.lifecycle import NOMINATED, REVIEW, REVIEWED, VERDICTS
from compapp.clubs.policy import may_manage
from compapp.contests.definition import Rules
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries import queries
from compapp.entries.models import ClubReview, Entry
from compapp.entries.policy import NominationFacts
from compapp.entries.queries import nominations
from compapp.entries.services import rules

NOTE_MOST = 1000


def review_for_club(
    entry: Entry, club: Organisation, *, verdict: str, note: str, actor: Actor, at: datetime
) -> ClubReview:
    """Say what the club thinks of the entry; the team reads it. Invalid without a note, Closed once it is too late."""
    facts = _facts(entry, club, actor)
    note = nfc(note).strip()
    faults: dict[str, list[Sentence]] = {}
    if verdict not in VERDICTS:
        faults["verdict"] = [(N_("Choose one of the list."), {})]
    if not note or len(note) > NOTE_MOST:
        faults["note"] = [(N_("Tell the team in at most %(most)s characters why."), {"most": NOTE_MOST})]
    if faults:
        raise Invalid(fields=faults)
    found = nominations.club_review(entry.id, club.id)
    if found is None:
        found = ClubReview(entry_id=entry.id, club_id=club.id, school_id=facts.club.school_id, state=REVIEWED)
        session().add(found)
    found.verdict, found.note = verdict, note
    found.reviewed_at, found.reviewed_by_name = at, actor.name
    data = {"verdict": verdict, "club": club.id}
    audit.record("clubs.review.made", found, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    telling.team_reviewed(
        club,
        entry.id,
        entry.title,
        verdict=verdict,
        note=note,
        to=queries.people_of(entry.id),
        at=at,
        contest_id=entry.contest_id,
    )
    return found


def nominate(entry: Entry, club: Organisation, *, actor: Actor, at: datetime) -> ClubReview:
    """Nominate an entry that the club has looked at to its school; Conflict when the school's quota is used up."""
    facts = _facts(entry, club, actor)
    found = nominations.club_review(entry.id, club.id)
    if found is None or not facts.is_of_school:
        raise NotFound(N_("Look at the entry first; only entries of the club’s school can be nominated."))
    most = Rules.of(entry.contest).max_entries_per_institution
    if most is not None:
        session().execute(
            select(Organisation.id).where(Organisation.id == facts.club.school_id).with_for_update(key_share=True)
        )
        if nominations.nominated_count(entry.contest_id, facts.club.school_id) >= most:
            raise Conflict(
                N_("%(most)s entries are nominated already, the most this contest takes of a school."), most=most
            )
    move(found, REVIEW, "nominate", actor=actor, at=at, contest_id=entry.contest_id)
    school = accounts.representatives_of(facts.club.school_id) if facts.club.school_id is not None else []
    for path, to in (
        (f"/entries/{entry.id}/team", queries.people_of(entry.id)),
        (f"/endorsements/{entry.contest.code}", school),
    ):
        telling.nominated(club, entry.id, entry.title, path=path, to=to, at=at, contest_id=entry.contest_id)
    return found


def take_back_nomination(entry: Entry, club: Organisation, *, actor: Actor, at: datetime) -> ClubReview:
    """Take a nomination back, which frees its place in the quota."""
    _facts(entry, club, actor)
    found = nominations.club_review(entry.id, club.id)
    if found is None or found.state != NOMINATED:
        raise Conflict(N_("This entry is not nominated."))
    move(found, REVIEW, "take_back", actor=actor, at=at, contest_id=entry.contest_id)
    return found


def _facts(entry: Entry, club: Organisation, actor: Actor) -> NominationFacts:
    facts = nominations.nomination_facts(actor, entry.id, club.id)
    rules.require(facts is not None and may_manage(actor, facts.club))
    assert facts is not None
    if not facts.is_open:
        raise Closed(N_("The school or the organiser has decided about this entry already."))
    return facts
