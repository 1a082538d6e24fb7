"""Near-duplicates: texts are read once per version and compared; what is alike is flagged for a person to decide.

Reading files and comparing need no lock; only what was found is written in a unit of work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compapp.contests.definition import EntryForm
from compapp.contests.models import Contest
from compapp.core import audit, files
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Invalid
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import blindness, notifications, policy, queries, similarity
from compapp.entries.lifecycle import DISMISSED, OPEN, SIMILARITY
from compapp.entries.models import Case, Entry, EntryText, EntryVersion, SimilarityCheck, SimilarityFlag
from compapp.entries.queries import copies
from compapp.entries.queries.identity import JUDGES_SEE
from compapp.entries.services import rules
from compapp.entries.services.cases import open_case
from compapp.entries.similarity import Passage, Piece, Reading
from compapp.entries.similarity.words import Hashes

READABLE = frozenset({"pdf", "docx", "pptx"})
MOST_TEXT = 200_000
GREW = 0.15
"""A flag that was set aside opens again when a later version is so much more alike."""


@dataclass(frozen=True)
class Likeness:
    """Another entry that is like the one that was read."""

    other_id: int
    score: float
    words: int
    passages: tuple[Passage, ...]


def read_version(version_id: int) -> tuple[EntryVersion, Reading]:
    """Read the texts of a version: what judges get of answers and documents, nobody's papers. Takes no lock."""
    version = session().get_one(EntryVersion, version_id)
    entry = queries.entry(version.entry_id)
    return version, similarity.read([*_answers(entry, version), *_documents(entry)])


def _answers(entry: Entry, version: EntryVersion) -> Iterable[Piece]:
    given: Mapping[str, Any] = version.content.get("answers") or {}
    for field in EntryForm.of(entry.contest).fields:
        value = given.get(field.key) if field.visibility in JUDGES_SEE else None
        if field.type in {"text", "longtext"} and isinstance(value, str) and value:
            yield Piece(field.key, value[:MOST_TEXT])
        elif field.type in {"table", "canvas"}:
            text = "\n\n".join(_strings(value))
            if text:
                yield Piece(field.key, text[:MOST_TEXT])


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _documents(entry: Entry) -> Iterable[Piece]:
    own = {rule.key for rule in EntryForm.of(entry.contest).attachments if rule.visibility in JUDGES_SEE}
    for key, row in sorted(queries.current_attachments(entry.id).items()):
        if key not in own or row.blob is None or row.kind not in READABLE:
            continue
        text = _document(row.blob.sha256, row.kind)
        if text:
            yield Piece(key, text)


def _document(sha256: str, kind: str) -> str:
    parts: list[str] = []
    try:
        for place, text in blindness.texts_of(files.path_of(sha256), kind):
            if place not in {"metadata", "authors", "link"}:
                parts.append(text)
            if sum(map(len, parts)) > MOST_TEXT:
                break
    except Exception:  # what a damaged file breaks here was told to the organiser when it was examined
        return "\n".join(parts)[:MOST_TEXT]
    return "\n".join(parts)[:MOST_TEXT]


def likenesses(entry_id: int, reading: Reading, library: Mapping[int, Hashes]) -> list[Likeness]:
    """Return the entries of ``library`` that are suspiciously like the text that was read."""
    others = {key: runs for key, runs in library.items() if key != entry_id}
    comparison = similarity.compare(reading.runs, others)
    found = []
    for match in comparison.matches:
        likeness = _likeness(reading, match.key, match.score, comparison.quoted)
        if similarity.is_suspicious(match.score, likeness.words):
            found.append(likeness)
    return found


def _likeness(reading: Reading, other_id: int, score: float, quoted: frozenset[int]) -> Likeness:
    shown = similarity.passages(reading, similarity.read(copies.pieces_of_entry(other_id)), common=quoted)
    return Likeness(other_id, score, max((one.words for one in shown), default=0), tuple(shown))


def keep_reading(
    version: EntryVersion, reading: Reading, found: Iterable[Likeness], *, actor: Actor, at: datetime
) -> list[SimilarityFlag]:
    """Write down a version's text and raise the flags; organisers are told of new ones."""
    entry = queries.locked_entry(version.entry_id)
    session().add(
        EntryText(
            version_id=version.id,
            entry_id=entry.id,
            contest_id=entry.contest_id,
            runs=reading.runs.astype("<u8").tobytes(),
            pieces=copies.pack(reading.pieces),
            words=len(reading.words),
            made_at=at,
        )
    )
    session().flush()
    return raise_flags([(entry.id, likeness) for likeness in found], actor=actor, at=at)


def compare_contest(contest_id: int) -> list[tuple[int, Likeness]]:
    """Compare all entries of a contest with each other; return (entry id, what it is like). Takes no lock."""
    texts = copies.runs_of_entries(contest_id)
    quoted = similarity.quoted(texts)
    found = []
    for pair in similarity.pairs(texts):
        reading = similarity.read(copies.pieces_of_entry(pair.right))
        likeness = _likeness(reading, pair.left, pair.score, quoted)
        if similarity.is_suspicious(pair.score, likeness.words):
            found.append((pair.right, likeness))
    return found


def keep_comparison(
    contest_id: int, found: list[tuple[int, Likeness]], *, actor: Actor, at: datetime
) -> SimilarityCheck:
    """Write down that a contest's entries were compared together after its deadline."""
    contest = session().get_one(Contest, contest_id)
    flags = raise_flags(found, actor=actor, at=at)
    check = SimilarityCheck(
        contest_id=contest_id,
        closes_at=contest.closes_at,
        done_at=at,
        entries=len(copies.runs_of_entries(contest_id)),
        flags=len(flags),
    )
    session().add(check)
    audit.record("entries.similarity.compared", check, actor=actor, at=at, contest_id=contest_id)
    return check


def raise_flags(found: list[tuple[int, Likeness]], *, actor: Actor, at: datetime) -> list[SimilarityFlag]:
    """Raise a flag for each new likeness, the later submission first; return the new ones."""
    if not found:
        return []
    pairs = [(entry_id, likeness.other_id) for entry_id, likeness in found]
    known, people = copies.flags_between(pairs), copies.people_on({one for pair in pairs for one in pair})
    made = []
    for entry_id, likeness in found:
        standing = known.get((entry_id, likeness.other_id)) or known.get((likeness.other_id, entry_id))
        if standing is not None:
            _update(standing, entry_id, likeness, actor, at)
            continue
        shared = people[entry_id].shares_somebody_with(people[likeness.other_id])
        flag = _new_flag(entry_id, likeness, shared, at)
        session().add(flag)
        known[flag.entry_id, flag.other_entry_id] = flag
        made.append(flag)
    session().flush()
    for flag in made:
        data = {"other": flag.other_entry_id, "score": flag.score}
        audit.record("entries.similarity.flagged", flag, actor=actor, at=at, contest_id=flag.contest_id, data=data)
    notifications.similarity_found(made, at=at)
    return made


def _new_flag(entry_id: int, likeness: Likeness, shared: bool, at: datetime) -> SimilarityFlag:
    one, other = session().get_one(Entry, entry_id), session().get_one(Entry, likeness.other_id)
    turned = (one.submitted_at or at, one.id) < (other.submitted_at or at, other.id)
    later, earlier = (other, one) if turned else (one, other)
    return SimilarityFlag(
        contest_id=later.contest_id,
        entry_id=later.id,
        other_entry_id=earlier.id,
        score=likeness.score,
        words=likeness.words,
        passages=_stored(likeness, turned),
        shared_people=shared,
        state=OPEN,
        found_at=at,
    )


def _update(flag: SimilarityFlag, entry_id: int, likeness: Likeness, actor: Actor, at: datetime) -> None:
    if flag.state == DISMISSED and likeness.score - flag.score > GREW:
        move(flag, SIMILARITY, "raise_again", actor=actor, at=at, data={"score": likeness.score})
    if flag.state == OPEN:
        flag.score, flag.words = likeness.score, likeness.words
        flag.passages = _stored(likeness, flag.entry_id != entry_id)


def _stored(likeness: Likeness, turned: bool) -> list[Any]:
    stored = []
    for one in likeness.passages:
        sides = [{"place": side.place, "text": side.text, "marks": list(side.marks)} for side in (one.left, one.right)]
        stored.append({"sides": sides[::-1] if turned else sides, "words": one.words})
    return stored


def may_read_other(actor: Actor, flag: SimilarityFlag) -> bool:
    """Whether the other text may be read too: it is of the same contest, or of one that the actor runs as well."""
    other = flag.other_entry.contest_id
    return other == flag.contest_id or actor.has_any(policy.STAFF_ROLES, CONTEST, other)


def is_party(actor: Actor, flag: SimilarityFlag) -> bool:
    """Whether the actor is on one of the two teams: that beats every role in the contest."""
    own = {one.entry_id for one in queries.teams_of_person(actor.person_id)}
    return not own.isdisjoint({flag.entry_id, flag.other_entry_id})


def dismiss_flag(flag: SimilarityFlag, *, note: str, actor: Actor, at: datetime) -> None:
    """Set a flag aside, with a reason that other organisers read. Conflict when somebody decided already."""
    if not note.strip():
        raise Invalid(fields={"note": [(N_("Give a reason."), {})]})
    _decide(flag, "dismiss", note, actor, at)


def pursue_flag(
    flag: SimilarityFlag,
    kind: str,
    *,
    against_earlier: bool,
    reason: str,
    due_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Case:
    """Open a case about one of the two entries; its team has 72 hours to explain unless ``due_at`` says otherwise."""
    entry, other = (flag.other_entry, flag.entry) if against_earlier else (flag.entry, flag.other_entry)
    if entry.contest_id != flag.contest_id:
        raise Invalid(N_("The earlier entry is of another contest; its organiser decides about it."))
    case = open_case(entry, kind, reason=reason, due_at=due_at, other_entry=other, actor=actor, at=at)
    _decide(flag, "pursue", reason, actor, at)
    return case


def _decide(flag: SimilarityFlag, verb: str, note: str, actor: Actor, at: datetime) -> None:
    rules.require(actor.has_any(policy.STAFF_ROLES, CONTEST, flag.contest_id) and not is_party(actor, flag))
    columns: dict[str, Any] = {"note": note.strip(), "decided_at": at, "decided_by_name": actor.name}
    move(flag, SIMILARITY, verb, actor=actor, at=at, data={"note": note.strip()}, **columns)
