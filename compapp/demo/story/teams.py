"""From the first draft to the last receipt: teams form, write for weeks, hand in; schools confirm."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from compapp.accounts import queries as accounts
from compapp.contests import services as contests
from compapp.demo import content
from compapp.demo.cast import players
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.entries import queries
from compapp.entries import services as entries

Piece = Mapping[str, Any]
Act = Callable[[Moment], None]

BEGINNING = ("title", "title_en", "one_liner", "board", "sector", "stage", "problem", "customers", "member_roles")
"""What a team writes on the first evenings."""

LAST_TOUCH = ("channels",)
"""What teams that hand in early add before the deadline (an optional answer)."""

LEFT_OPEN_BY_STUDENT = ("finance", "commit_original", "consent_privacy", "channels")
"""What the draft of S01 still lacks on day 40: the next step of the account ``student``."""

EARLY = {"S07": 38, "S14": 39, "P05": 39}
"""Teams that hand in a first time already on this day."""

LEAKY = {"S04", "P06"}
"""Teams whose first proposal names their school: it is withheld from judges."""

VIDEO = "video"


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps of every team until the contest closes, and what schools say."""
    for number, entry in enumerate(stage.document["entries"]):
        yield from _team(stage, number, entry)
    yield from _latecomer(stage)


def _team(stage: Stage, number: int, entry: Piece) -> Iterator[Step]:
    at, code = stage.calendar.at, entry["code"]
    begins = at(6) + timedelta(hours=number * 32 + 2)
    lead = f"{code}-1"
    yield Step(begins, lead, _start(entry))
    for place in range(2, len(entry["members"]) + 1):
        yield Step(begins + timedelta(hours=place * 3), f"{code}-{place}", _join(entry, place))
    submitted = stage.calendar.moved(entry["submitted"])
    if code == "S01":
        yield Step(at(37, "20:30"), lead, _write(entry, but=LEFT_OPEN_BY_STUDENT))
        yield Step(at(38, "21:00"), lead, attach_proposal(entry, leaky=False))
        yield Step(at(39, "19:30"), lead, _invite_advisor)
        yield Step(at(42, "07:15"), "advisor-S01", _join_as_advisor)
    if code in EARLY:
        day = EARLY[code]
        yield Step(at(day, "18:00"), lead, _write(entry, but=LAST_TOUCH))
        yield Step(at(day, "19:00"), lead, _attach_all(entry))
        yield Step(at(day, "20:00"), lead, _submit(entry))
        if code != "S07":
            yield Step(at(day, "21:00"), f"rep-{entry['institution']}", _confirm(entry))
    if code == "S16":
        return
    yield Step(submitted - timedelta(hours=3), lead, _write(entry))
    if code not in EARLY:
        yield Step(submitted - timedelta(hours=1), lead, _attach_all(entry))
    yield Step(submitted, lead, _submit(entry))
    if code not in EARLY or code == "S07":
        word = min(submitted + timedelta(hours=20), at(61, "20:00"))
        yield Step(word, f"rep-{entry['institution']}", _confirm(entry))


def _start(entry: Piece) -> Act:
    """Return the step in which the lead starts a draft, writes a beginning and invites the others."""

    def act(moment: Moment) -> None:
        stage, code = moment.stage, entry["code"]
        contest = moment.contest()
        row = entries.start_entry(
            contest,
            board_code=entry["board"],
            institution=moment.organisation("institutions", entry["institution"]),
            title=entry["title"]["vi"],
            **moment.by,
        )
        stage.codes[contest.code, code] = row.code
        written = _answers(entry)
        entries.save_answers(row, {key: written[key] for key in BEGINNING if key in written}, **moment.by)
        lead = queries.active_members(row.id)[0]
        _describe(moment, row.id, lead.id, entry["members"][0])
        people = {player.key: player for player in players(stage.document, stage.second)}
        for place in range(2, len(entry["members"]) + 1):
            player = people[f"{code}-{place}"]
            _, token = entries.invite_member(row, email=player.email, name=player.name, **moment.by)
            stage.notes[player.key] = token

    return act


def _describe(moment: Moment, entry_id: int, member_id: int, member: Piece) -> None:
    row = queries.entry(entry_id)
    entries.update_member(
        row,
        member_id,
        born=date.fromisoformat(member["born"]),
        institution=row.institution,
        class_name=member["class"] or "",
        student_number=member["student_number"] or "",
        **moment.by,
    )


def _join(entry: Piece, place: int) -> Act:
    def act(moment: Moment) -> None:
        member = entry["members"][place - 1]
        entries.accept_invitation(
            moment.stage.notes.pop(f"{entry['code']}-{place}"),
            born=date.fromisoformat(member["born"]),
            class_name=member["class"],
            student_number=member["student_number"],
            **moment.by,
        )

    return act


def _invite_advisor(moment: Moment) -> None:
    advisor = accounts.person(moment.stage.people["advisor-S01"])
    if advisor is None:
        raise KeyError("advisor-S01")
    _, token = entries.invite_member(
        moment.entry("S01"), email=advisor.email, name=advisor.name, role="advisor", **moment.by
    )
    moment.stage.notes["advisor-S01"] = token


def _join_as_advisor(moment: Moment) -> None:
    entries.accept_invitation(moment.stage.notes.pop("advisor-S01"), **moment.by)


def _answers(entry: Piece) -> dict[str, Any]:
    return dict(entry.get("answers") or content.answers(entry["code"]))


def _write(entry: Piece, but: tuple[str, ...] = ()) -> Act:
    def act(moment: Moment) -> None:
        written = {key: value for key, value in _answers(entry).items() if key not in but}
        saved = entries.save_answers(moment.entry(entry["code"]), written, **moment.by)
        if saved.errors:
            raise ValueError(f"{entry['code']}: {dict(saved.errors)}")

    return act


def attach_proposal(entry: Piece, *, leaky: bool) -> Act:
    """Return the step in which a proposal is handed in; a ``leaky`` one names the school."""

    def act(moment: Moment) -> None:
        made = moment.stage.workshop.proposal(entry)
        if leaky:
            school = moment.organisation("institutions", entry["institution"]).name_vi
            made = moment.stage.workshop.leaky_proposal(entry, school)
        entries.attach(
            moment.entry(entry["code"]), "thuyet_minh", file_name="Thuyết minh.pdf", content=made, **moment.by
        )

    return act


def _attach_all(entry: Piece) -> Act:
    """Return the step in which the lead hands in every file that is asked for."""

    def act(moment: Moment) -> None:
        stage, code = moment.stage, entry["code"]
        attach_proposal(entry, leaky=code in LEAKY)(moment)
        row = moment.entry(code)
        entries.attach_link(row, VIDEO, content.attachments.video_link(code), **moment.by)
        school = moment.organisation("institutions", entry["institution"]).name_vi
        signed = stage.calendar.launch + timedelta(days=36)
        paper = stage.workshop.school_confirmation(school, entry, signed)
        entries.attach(row, "school_confirm", file_name="Xác nhận của trường.pdf", content=paper, **moment.by)
        if entry["board"] == "pupil":
            pupil = entry["members"][0]
            consent = stage.workshop.guardian_consent(pupil, school, f"Phụ huynh em {pupil['name']}", signed)
            entries.attach(row, "guardian_consent", file_name="Đồng ý của phụ huynh.pdf", content=consent, **moment.by)

    return act


def _submit(entry: Piece) -> Act:
    def act(moment: Moment) -> None:
        entries.submit_entry(moment.entry(entry["code"]), **moment.by)

    return act


def _confirm(entry: Piece) -> Act:
    def act(moment: Moment) -> None:
        entries.confirm_endorsement(moment.entry(entry["code"]), **moment.by)

    return act


def _latecomer(stage: Stage) -> Iterator[Step]:
    """Incident 1: S16 loses its network before the deadline and is reopened alone, with a reason."""
    entry = next(one for one in stage.document["entries"] if one["code"] == "S16")
    at = stage.calendar.at
    yield Step(at(61, "16:51"), "S16-1", _write(entry))
    yield Step(at(61, "17:00"), SYSTEM, _close)
    yield Step(at(61, "17:09"), "organiser", _reopen)
    yield Step(at(61, "17:11"), "S16-1", _attach_all(entry))
    yield Step(stage.calendar.moved(entry["submitted"]), "S16-1", _submit(entry))
    yield Step(at(62, "07:30"), "rep-I07", _confirm(entry))


def _close(moment: Moment) -> None:
    contests.close_contest(moment.contest(), **moment.by)


def _reopen(moment: Moment) -> None:
    entries.reopen_entry(
        moment.entry("S16"),
        until=moment.stage.calendar.at(61, "17:30"),
        reason=moment.stage.text(1, "reason"),
        **moment.by,
    )
