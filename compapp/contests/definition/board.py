"""Who may enter on a board."""

from dataclasses import dataclass

from compapp.contests.definition.times import HasDefinition, Json, Text, text_of

PROVINCE, THIS_CONTEST, ANYWHERE = "province", "this_contest", "anywhere"

PRIOR_AWARDS = (PROVINCE, THIS_CONTEST, ANYWHERE)
"""Where an idea may not have won before."""

ALLOWED, DECLARED, FORBIDDEN = "allowed", "declared", "forbidden"

CONCURRENT = (ALLOWED, DECLARED, FORBIDDEN)
"""Whether an idea may be in another contest at the same time."""

AWARDS = ("first", "second", "third", "encouragement")
"""The awards from the highest down; a limit names the lowest one that counts."""


@dataclass(frozen=True)
class BoardRule:
    """A board: who may enter on it. None (or an empty tuple) where the file sets no limit.

    ``eligible_kinds`` are kinds of institution. Ages are whole years on the day entries close. Members never count
    the advisor. ``own_students_percent`` is the least share of members (in percent, 1 to 100) and ``own_students_min``
    the least number of members who study at the institution that the entry stands for. ``max_teams_per_person``
    and ``max_teams_led_per_person`` count a person's entries on this board. ``max_entries_per_institution`` and
    ``..._and_sector`` count an institution's entries on this board. ``endorsement_required`` None leaves it to the
    form's attachments. ``prior_award`` is one of :data:`PRIOR_AWARDS`, ``prior_award_from`` the lowest of
    :data:`AWARDS` that bars (None: any award); ``concurrent`` one of :data:`CONCURRENT`. ``company_years`` is the
    most years since a firm was founded, ``funding_vnd`` the most money received. ``training`` must have been attended;
    ``training_topic`` (a key of ``clubs.lifecycle.TOPICS``) says which classes of the clubs count as it.
    ``min_entries`` is the number below which the board does not run.
    """

    code: str
    label: Text
    eligible_kinds: tuple[str, ...]
    team_min: int
    team_max: int | None
    guardian_consent_under: int | None
    age_min: int | None = None
    age_max: int | None = None
    own_students_percent: int | None = None
    own_students_min: int | None = None
    needs_advisor: bool = False
    max_teams_per_person: int | None = None
    max_teams_led_per_person: int | None = None
    max_entries_per_institution: int | None = None
    max_entries_per_institution_and_sector: int | None = None
    endorsement_required: bool | None = None
    prior_award: str | None = None
    prior_award_from: str | None = None
    concurrent: str | None = None
    company_years: int | None = None
    funding_vnd: int | None = None
    training: Text | None = None
    training_topic: str | None = None
    min_entries: int | None = None

    @staticmethod
    def of(board: HasDefinition) -> "BoardRule":
        """Read the rule of a board's row."""
        return BoardRule.read(board.definition)

    @staticmethod
    def read(piece: Json) -> "BoardRule":
        """Read the rule of one item of ``contest.boards``."""
        plain = {key: piece.get(key) for key in _PLAIN}
        return BoardRule(
            code=piece["code"],
            label=text_of(piece.get("label"), piece["code"]),
            eligible_kinds=tuple(piece.get("eligible_kinds") or ()),
            team_min=piece.get("team_min") or 1,
            needs_advisor=bool(piece.get("needs_advisor")),
            training=text_of(piece["training"]) if piece.get("training") else None,
            **plain,
        )


_PLAIN = (
    "team_max",
    "guardian_consent_under",
    "age_min",
    "age_max",
    "own_students_percent",
    "own_students_min",
    "max_teams_per_person",
    "max_teams_led_per_person",
    "max_entries_per_institution",
    "max_entries_per_institution_and_sector",
    "endorsement_required",
    "prior_award",
    "prior_award_from",
    "concurrent",
    "company_years",
    "funding_vnd",
    "training_topic",
    "min_entries",
)
"""The keys that are taken over as they stand."""
