"""Sentences of rules: what one is, and those of boards, forms and prizes. Pure; ``plain`` has the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compapp.clubs.lifecycle import TOPICS
from compapp.contests.definition import AttachmentRule, BoardRule, EntryForm, FormField, Prize
from compapp.core.text import N_


@dataclass(frozen=True)
class PlainRule:
    """One rule in words. ``count`` chooses between ``msgid`` and ``plural`` where there is one."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""
    count: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the sentence as plain JSON, for the record and for messages."""
        params = {key: _as_json(value) for key, value in self.params.items()}
        return {"msgid": self.msgid, "params": params, "plural": self.plural, "count": self.count}


def _as_json(value: Any) -> Any:
    if isinstance(value, PlainRule):
        return value.as_json()
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def plural(singular: str, many: str) -> tuple[str, str]:
    """Mark a sentence and its plural for translation."""
    return singular, many


def counted(forms: tuple[str, str], count: int, **params: Any) -> PlainRule:
    """Return a sentence in the form that fits ``count``."""
    return PlainRule(forms[0], params, forms[1], count)


def board_rules(board: BoardRule) -> Iterator[PlainRule]:
    """Yield who may enter on a board."""
    name = {"board": board.label}
    if board.team_max == 1:
        yield PlainRule(N_("%(board)s: everybody enters alone."), name)
    elif board.team_max is not None:
        params = {**name, "least": board.team_min, "most": board.team_max}
        yield PlainRule(N_("%(board)s: teams of %(least)s to %(most)s people."), params)
    elif board.team_min > 1:
        yield PlainRule(N_("%(board)s: teams of at least %(least)s people."), {**name, "least": board.team_min})
    yield from _ages(board)
    if board.own_students_percent is not None:
        params = {**name, "percent": board.own_students_percent}
        yield PlainRule(
            N_("%(board)s: at least %(percent)s %% of the members study at the institution of the entry."), params
        )
    if board.own_students_min is not None:
        params = {**name, "least": board.own_students_min}
        yield PlainRule(
            N_("%(board)s: at least %(least)s of the members study at the institution of the entry."), params
        )
    if board.needs_advisor:
        yield PlainRule(N_("%(board)s: a teacher advises each team."), name)
    yield from limits(
        name,
        board.max_teams_per_person,
        board.max_teams_led_per_person,
        board.max_entries_per_institution,
        board.max_entries_per_institution_and_sector,
    )
    yield from _conditions(board, name)


def _ages(board: BoardRule) -> Iterator[PlainRule]:
    params = {"board": board.label, "least": board.age_min, "most": board.age_max}
    if board.age_min is not None and board.age_max is not None:
        yield PlainRule(N_("%(board)s: members are %(least)s to %(most)s years old."), params)
    elif board.age_min is not None:
        yield PlainRule(N_("%(board)s: members are at least %(least)s years old."), params)
    elif board.age_max is not None:
        yield PlainRule(N_("%(board)s: members are at most %(most)s years old."), params)
    if board.guardian_consent_under is not None:
        yield PlainRule(
            N_("%(board)s: for members under %(age)s, a parent or guardian must agree."),
            {"board": board.label, "age": board.guardian_consent_under},
        )


def limits(
    name: Mapping[str, Any], teams: int | None, led: int | None, entries: int | None, by_sector: int | None
) -> Iterator[PlainRule]:
    """Yield how many entries are allowed; ``name`` holds the board's label, or nothing for all boards."""
    found = (
        (
            teams,
            N_("Nobody may be on more than %(most)s teams."),
            N_("%(board)s: nobody is on more than %(most)s teams."),
        ),
        (led, N_("Nobody may lead more than %(most)s teams."), N_("%(board)s: nobody leads more than %(most)s teams.")),
        (
            entries,
            N_("Each institution may send up to %(most)s entries."),
            N_("%(board)s: each institution may send up to %(most)s entries."),
        ),
        (
            by_sector,
            N_("Each institution may send up to %(most)s entries in each sector."),
            N_("%(board)s: each institution may send up to %(most)s entries in each sector."),
        ),
    )
    for most, everywhere, here in found:
        if most is not None:
            yield PlainRule(here if name else everywhere, {**name, "most": most})


def _conditions(board: BoardRule, name: Mapping[str, Any]) -> Iterator[PlainRule]:
    if board.endorsement_required is not None:
        yield PlainRule(
            N_("%(board)s: the school confirms each entry.")
            if board.endorsement_required
            else N_("%(board)s: the school need not confirm an entry."),
            name,
        )
    if board.prior_award is not None:
        sentences = {
            "province": N_("%(board)s: an idea that has won %(prize)s in the province may not enter."),
            "this_contest": N_("%(board)s: an idea that has won %(prize)s in this contest before may not enter."),
            "anywhere": N_("%(board)s: an idea that has won %(prize)s in any contest may not enter."),
        }
        prize = PlainRule(_PRIZES[board.prior_award_from or ""])
        yield PlainRule(sentences[board.prior_award], {**name, "prize": prize})
    if board.concurrent is not None:
        sentences = {
            "allowed": N_("%(board)s: an idea may be in another contest at the same time."),
            "declared": N_("%(board)s: an idea that is in another contest may enter if the team says so."),
            "forbidden": N_("%(board)s: an idea that is in another contest at the same time may not enter."),
        }
        yield PlainRule(sentences[board.concurrent], name)
    if board.company_years is not None:
        params = {**name, "years": board.company_years}
        yield PlainRule(N_("%(board)s: a firm was founded at most %(years)s years ago."), params)
    if board.funding_vnd is not None:
        params = {**name, "amount": board.funding_vnd}
        yield PlainRule(N_("%(board)s: at most %(amount)s đồng have been received so far."), params)
    yield from _training(board, name)
    if board.min_entries is not None:
        params = {**name, "least": board.min_entries}
        yield PlainRule(N_("%(board)s runs only with at least %(least)s entries."), params)


def _training(board: BoardRule, name: Mapping[str, Any]) -> Iterator[PlainRule]:
    topic = board.training_topic
    if board.training is not None or topic is not None:
        called = board.training or PlainRule(TOPICS.get(topic or "", topic or ""))
        yield PlainRule(N_("%(board)s: every team has attended: %(training)s."), {**name, "training": called})
    if topic is not None:
        yield PlainRule(
            N_("At least one member must be on a club’s attendance list; the organiser looks when checking."), name
        )


_PRIZES = {
    "": N_("a prize"),
    "first": N_("the first prize"),
    "second": N_("the second prize or better"),
    "third": N_("the third prize or better"),
    "encouragement": N_("an encouragement prize or better"),
}


def asking_rules(contest: Any) -> tuple[PlainRule, ...]:
    """Return what teams are asked, a sentence for each question and file."""
    form = EntryForm.of(contest)
    first = (
        PlainRule(N_("Before the form: %(question)s"), {"question": question.label}) for question in form.eligibility
    )
    sums = (one for question in form.fields for one in _sums(question))
    return (*first, *map(_question, form.fields), *sums, *map(_file, form.attachments))


def _sums(question: FormField) -> Iterator[PlainRule]:
    for column in question.columns:
        if column.sum is not None:
            params = {"question": question.label, "column": column.label, "sum": f"{column.sum:f}"}
            yield PlainRule(N_("In “%(question)s”, “%(column)s” must add up to %(sum)s."), params)


def _question(question: FormField) -> PlainRule:
    params: dict[str, Any] = {"question": question.label, "who": _seen_by(question)}
    most = question.max_words or question.max
    if most is not None and question.type in ("text", "longtext"):
        params["most"] = most
        words = question.max_words is not None
        if question.required:
            return PlainRule(_WORDS_NEEDED if words else _LETTERS_NEEDED, params)
        return PlainRule(_WORDS if words else _LETTERS, params)
    return PlainRule(_NEEDED if question.required else _FREE, params)


_WORDS_NEEDED = N_("“%(question)s” must be answered in at most %(most)s words. %(who)s")
_LETTERS_NEEDED = N_("“%(question)s” must be answered in at most %(most)s characters. %(who)s")
_WORDS = N_("“%(question)s” may be answered in at most %(most)s words. %(who)s")
_LETTERS = N_("“%(question)s” may be answered in at most %(most)s characters. %(who)s")
_NEEDED = N_("“%(question)s” must be answered. %(who)s")
_FREE = N_("“%(question)s” may be answered. %(who)s")


def _seen_by(asked: FormField | AttachmentRule) -> PlainRule:
    if asked.hidden_when_blind and asked.visibility != "organisers":
        return PlainRule(N_("Judges of a blind round never see it."))
    return PlainRule(
        {
            "public": N_("Everybody may read it."),
            "judges": N_("Judges and organisers read it."),
            "judges_confidential": N_("Judges and organisers read it in confidence."),
            "organisers": N_("Only organisers read it."),
        }[asked.visibility]
    )


def _file(rule: AttachmentRule) -> PlainRule:
    limits_ = [
        PlainRule(msgid, {"most": f"{most:g}" if isinstance(most, float) else most})
        for most, msgid in (
            (rule.max_mb, N_("at most %(most)s MB")),
            (rule.max_pages, N_("at most %(most)s pages")),
            (rule.max_slides, N_("at most %(most)s slides")),
            (rule.max_seconds, N_("at most %(most)s seconds")),
            (rule.min_resolution, N_("at least %(most)s")),
            (rule.ratio, N_("in the shape %(most)s")),
            (rule.file_name, N_("called “%(most)s”")),
        )
        if most is not None
    ]
    params = {
        "file": rule.label,
        "limits": [", ".join(rule.formats), *limits_],
        "who": _seen_by(rule),
    }
    if rule.only_if_minor:
        return PlainRule(N_("“%(file)s” is needed if a member is under 18 (%(limits)s). %(who)s"), params)
    if rule.required:
        return PlainRule(N_("“%(file)s” is needed (%(limits)s). %(who)s"), params)
    return PlainRule(N_("“%(file)s” may be given (%(limits)s). %(who)s"), params)


def giving_rules(contest: Any) -> tuple[PlainRule, ...]:
    """Return what can be won, a sentence for each kind of prize."""
    boards = {row.definition["code"]: BoardRule.of(row).label for row in contest.boards}
    return tuple(
        _prize(Prize.read(piece), boards.get(piece.get("board") or ""))
        for piece in contest.definition.get("prizes") or ()
    )


def _prize(prize: Prize, board: Mapping[str, str] | None) -> PlainRule:
    params = {"prize": prize.label, "count": prize.count, "amount": prize.vnd}
    if not prize.vnd:
        if board is None:
            return PlainRule(N_("%(count)s × %(prize)s for the whole contest."), params)
        return PlainRule(N_("%(board)s: %(count)s × %(prize)s."), {**params, "board": board})
    if board is None:
        return PlainRule(N_("%(count)s × %(prize)s for the whole contest: %(amount)s đồng."), params)
    return PlainRule(N_("%(board)s: %(count)s × %(prize)s, %(amount)s đồng."), {**params, "board": board})
