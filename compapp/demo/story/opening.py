"""Before the first entry: organisations, people and their offices, the contest announced."""

from collections.abc import Iterator, Mapping
from typing import Any

from compapp.accounts import services as accounts
from compapp.accounts.models import Organisation
from compapp.contests import services as contests
from compapp.demo.cast import players
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.demo.story.clubs import FOUNDED

KINDS: Mapping[str, str] = {"bodies": "department", "clubs": "club", "incubators": "incubator"}
"""Sections whose items do not say of what kind an organisation is."""

PROVINCE = "UBND"
OFFICES = frozenset({"SKHCN", "STC", "SGDDT", "SNNMT", "SVHTTDL", "SNV", "SCT"})
"""The people's committee of the province, and those bodies that are its offices: papers name it above them."""

WEEKEND = "Hạn chót vào cuối tuần thuận tiện cho học sinh, sinh viên; ban giám khảo được mời sau khi phát động."
"""What the organisers answer to the warnings before opening."""

DEFINITION = (
    "meta",
    "contest",
    "sectors",
    "institutions",
    "clubs",
    "bodies",
    "organisations",
    "form",
    "rubrics",
    "rounds",
    "mentors",
    "incubators",
    "incubation",
    "tech_needs",
    "resources",
    "events",
    "surveys",
    "funding_sources",
    "budget_lines",
    "indicators",
    "report_periods",
)
"""What the organiser brings in as a file; people, entries and all that follows happen."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps until the contest is announced."""
    at = stage.calendar.at
    yield Step(at(FOUNDED, "08:00"), SYSTEM, found_organisations)
    yield Step(at(FOUNDED, "08:10"), SYSTEM, gather_people)
    yield Step(at(FOUNDED, "08:20"), SYSTEM, give_offices)
    yield Step(at(-12, "09:00"), "organiser", bring_in)
    yield Step(at(-11, "10:00"), "organiser", name_secretaries)
    yield Step(at(0, "08:00"), "organiser", announce)


def found_organisations(moment: Moment) -> None:
    """Add every organisation of both contests, flagged as demonstration; those that exist stay as they are."""
    for document in (moment.stage.document, moment.stage.second):
        founded: dict[str, Organisation] = {}
        for section in ("institutions", "bodies", "organisations", "clubs", "incubators"):
            for piece in document.get(section, ()):
                above = PROVINCE if piece["code"] in OFFICES else ""
                parent = founded.get(piece.get("institution") or piece.get("host") or above)
                founded[piece["code"]] = _found(moment, section, piece, parent)


def _found(moment: Moment, section: str, piece: Mapping[str, Any], parent: Organisation | None) -> Organisation:
    return accounts.ensure_organisation(
        KINDS.get(section) or piece["kind"],
        piece["name"]["vi"],
        piece["name"]["en"],
        parent_id=None if parent is None else parent.id,
        province=piece.get("province"),
        area_before_merger=piece.get("area_before_merger"),
        demonstration=True,
        **moment.by,
    )


def gather_people(moment: Moment) -> None:
    """Add everybody; those with an account share one hash, made once."""
    stage = moment.stage
    for player in players(stage.document, stage.second):
        person = accounts.ensure_person(
            player.name,
            email=player.email,
            born=player.born,
            password_hash=stage.password_hash if player.account else None,
            demonstration=True,
            **moment.by,
        )
        stage.people[player.key] = person.id


def give_offices(moment: Moment) -> None:
    """Give roles on the platform and in organisations."""
    stage = moment.stage
    for role in ("admin", "officer"):
        accounts.ensure_membership(stage.people[role], role, None, **moment.by)
    offices = [("organiser", "organiser", "bodies", "SKHCN"), ("organiser2", "organiser", "institutions", "I03")]
    for prefix, role, section in (
        ("rep", "representative", "institutions"),
        ("manager", "manager", "clubs"),
        ("manager", "manager", "incubators"),
    ):
        offices += [(f"{prefix}-{piece['code']}", role, section, piece["code"]) for piece in stage.document[section]]
    for key, role, section, code in offices:
        piece = next(one for one in stage.document[section] if one["code"] == code)
        organisation = _found(moment, section, piece, None)
        accounts.ensure_membership(stage.people[key], role, organisation.id, **moment.by)


def bring_in(moment: Moment) -> None:
    """Import the definition of the large contest on its shifted calendar."""
    stage = moment.stage
    document = {name: stage.document[name] for name in DEFINITION if name in stage.document}
    document["mentors"] = [{**piece, "email": _address(stage, piece["code"])} for piece in stage.document["mentors"]]
    contest = contests.import_document(document, shift_to=stage.calendar.launch, **moment.by)
    contest.demonstration = True


def _address(stage: Stage, key: str) -> str:
    return next(player.email for player in players(stage.document, stage.second) if player.key == key)


def name_secretaries(moment: Moment) -> None:
    """Name the two secretaries, and the chair of the jury as the person who approves."""
    stage = moment.stage
    for key, role in (("TK01", "secretary"), ("TK02", "secretary"), ("J01", "approver")):
        player = next(one for one in players(stage.document, stage.second) if one.key == key)
        contests.grant_role(moment.contest(), player.email, player.name, role, **moment.by)


def announce(moment: Moment) -> None:
    """Open the contest for entries."""
    contests.announce_contest(moment.contest(), reason=WEEKEND, **moment.by)
