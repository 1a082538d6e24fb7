"""Who may enter, and who works: boards nobody can enter, quotas nobody can meet, juries that are too small."""

from compapp.contests.definition import BoardRule
from compapp.contests.definition.rounds import SCORED
from compapp.contests.setup.checks.finding import FAULT, MISSING, WARNING, Document, Facts, Finding, Findings, label_of
from compapp.core.text import N_


def check_basics(document: Document, _facts: Facts) -> list[Finding]:
    """Return what is missing from the first page."""
    found, title = Findings("basics"), document["contest"]["title"]
    names = {"vi": N_("The contest has no Vietnamese name."), "en": N_("The contest has no English name.")}
    for language, words in names.items():
        if not title.get(language):
            found.add(MISSING, f"title.{language}", words, N_("Write the name in both languages."))
    return found.found


def check_boards(document: Document, _facts: Facts) -> list[Finding]:
    """Return what is wrong with each board."""
    found = Findings("boards")
    schools = [one["kind"] for one in document.get("institutions") or ()]
    for piece in document["contest"]["boards"]:
        board, name = BoardRule.read(piece), {"board": label_of(piece)}
        if board.eligible_kinds and schools and not set(board.eligible_kinds) & set(schools):
            found.add(
                FAULT,
                f"kinds.{board.code}",
                N_("Nobody can enter on “%(board)s”: no institution of the contest is of its kinds."),
                N_("Tick other kinds of institution, or add institutions of these kinds."),
                **name,
            )
        if board.team_max and board.own_students_min and board.own_students_min > board.team_max:
            found.add(
                FAULT,
                f"own.{board.code}",
                N_("“%(board)s” wants more own students than a team may have members."),
                N_("Lower the number of own students, or allow larger teams."),
                **name,
            )
        if board.guardian_consent_under is None and {"high_school", "lower_secondary"} & set(board.eligible_kinds):
            found.add(
                WARNING,
                f"guardian.{board.code}",
                N_("Pupils enter on “%(board)s”, but no parent or guardian is asked."),
                N_("Ask for a guardian's consent for members under 18: the law on personal data wants it."),
                **name,
            )
        if board.training is not None and board.training_topic is None:
            found.add(
                WARNING,
                f"training.{board.code}",
                N_("“%(board)s” asks for a training, but does not say what the clubs' lists call it."),
                N_("Choose it on the board: then the check of each entry says who attended."),
                **name,
            )
        _entries_of(document, board, schools, found)
    return found.found


def _entries_of(document: Document, board: BoardRule, schools: list[str], found: Findings) -> None:
    most = most_entries(document, board, schools)
    if most is None:
        return
    name = {"board": dict(board.label), "most": most}
    if board.min_entries is not None and board.min_entries > most:
        found.add(
            FAULT,
            f"min.{board.code}",
            N_("“%(board)s” needs %(least)s entries to run, but the quota allows only %(most)s."),
            N_("Raise the quota of each institution, or let the board run with fewer entries."),
            least=board.min_entries,
            **name,
        )
    for one in document["rounds"]:
        wanted = (one.get("advance") or {}).get(board.code)
        if wanted is not None and one.get("advance_by") == "sector":
            wanted *= max(1, len(document.get("sectors") or ()))
        if wanted is not None and wanted > most:
            found.add(
                FAULT,
                f"advance.{board.code}.{one['code']}",
                N_("%(wanted)s entries of “%(board)s” are to go through, but the quota allows only %(most)s to enter."),
                N_("Let fewer go through, or raise the quota of each institution."),
                wanted=wanted,
                **name,
            )
            return


def most_entries(document: Document, board: BoardRule, schools: list[str]) -> int | None:
    """Return how many entries the quotas allow on a board; None where nothing limits them."""
    rules = document["contest"].get("rules") or {}
    sectors = len(document.get("sectors") or ())
    limits = [board.max_entries_per_institution, rules.get("max_entries_per_institution")]
    by_sector = [
        board.max_entries_per_institution_and_sector,
        rules.get("max_entries_per_institution_and_sector"),
    ]
    limits += [one * sectors if one is not None and sectors else None for one in by_sector]
    known = [one for one in limits if one is not None]
    if not known or not schools or not board.eligible_kinds:
        return None
    return min(known) * sum(kind in board.eligible_kinds for kind in schools)


def check_schools(document: Document, _facts: Facts) -> list[Finding]:
    """Return whether boards that ask for institutions have any."""
    found = Findings("schools")
    asked = any(one.get("eligible_kinds") for one in document["contest"]["boards"])
    if asked and not document.get("institutions"):
        found.add(
            MISSING,
            "none",
            N_("The boards are for certain institutions, but none takes part yet."),
            N_("Tick the institutions that take part."),
        )
    return found.found


def check_quotas(document: Document, _facts: Facts) -> list[Finding]:
    """Return whether an institution can send as many entries as it must."""
    found, rules = Findings("rules"), document["contest"].get("rules") or {}
    least, most = rules.get("min_entries_per_institution"), rules.get("max_entries_per_institution")
    if least is not None and most is not None and least > most:
        found.add(
            FAULT,
            "quota",
            N_("Each institution must send at least %(least)s entries, but may send only %(most)s."),
            N_("Raise the quota, or ask for fewer entries."),
            least=least,
            most=most,
        )
    return found.found


def check_sectors(document: Document, _facts: Facts) -> list[Finding]:
    """Return whether what needs sectors has them."""
    found = Findings("sectors")
    asked = any(one.get("options_from") == "sectors" for one in document["form"]["fields"])
    rules = document["contest"].get("rules") or {}
    boards = document["contest"]["boards"]
    if (
        asked
        or rules.get("max_entries_per_institution_and_sector")
        or any(one.get("max_entries_per_institution_and_sector") for one in boards)
    ) and not document.get("sectors"):
        found.add(
            MISSING,
            "none",
            N_("The form or a quota speaks of sectors, but the contest has none."),
            N_("Add the sectors."),
        )
    return found.found


def check_jury(document: Document, facts: Facts) -> list[Finding]:
    """Return whether there are enough people for the work."""
    found = Findings("people")
    scored = [one for one in document["rounds"] if one["kind"] in SCORED]
    for one in scored:
        wanted = one.get("judges_per_entry") or 0
        if facts.judges and wanted > facts.judges:
            found.add(
                FAULT,
                f"few.{one['code']}",
                N_("“%(round)s” needs %(wanted)s judges for each entry, but the jury has %(judges)s."),
                N_("Invite more judges, or let fewer read each entry."),
                round=label_of(one),
                wanted=wanted,
                judges=facts.judges,
            )
        _load(document, one, facts, found)
    if scored and not facts.judges:
        found.add(
            WARNING,
            "nobody",
            N_("The jury has no judges yet."),
            N_("Invite judges soon: the contest can open, but nobody can score."),
        )
    if not facts.approvers:
        found.add(
            WARNING,
            "approver",
            N_("Nobody but the organiser can approve results."),
            N_("Give a second person the role of approver: two people publish a result."),
        )
    return found.found


def _load(document: Document, one: Document, facts: Facts, found: Findings) -> None:
    most, reads = one.get("max_entries_per_judge"), one.get("judges_per_entry")
    if not most or not reads or not facts.judges:
        return
    schools = [item["kind"] for item in document.get("institutions") or ()]
    expected = sum(
        most_entries(document, BoardRule.read(piece), schools) or 0 for piece in document["contest"]["boards"]
    )
    able = facts.judges * int(most) // int(reads)
    if expected > able:
        found.add(
            WARNING,
            f"load.{one['code']}.{able}.{expected}",
            N_("In “%(round)s” %(judges)s judges can read %(able)s entries, but up to %(expected)s may come."),
            N_("Invite more judges, let each read more, or let fewer read each entry."),
            round=label_of(one),
            judges=facts.judges,
            able=able,
            expected=expected,
        )
