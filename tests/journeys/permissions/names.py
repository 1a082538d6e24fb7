"""The names that stand in the table's addresses, each with the question that finds its row in a phase."""

LARGE, SMALL = "VL-KNST-2026", "YTX-2026"
NOBODY = "999999"
"""A number that no row has."""


def _of_contest(table: str, code: str, contest: str) -> str:
    return (
        f"SELECT t.id FROM {table} t JOIN contest c ON c.id = t.contest_id "
        f"WHERE c.code = '{contest}' AND t.code = '{code}'"
    )


def _entry(code: str, contest: str) -> str:
    return _of_contest("entry", code, contest)


def _member(entry: str, role: str) -> str:
    return f"SELECT id FROM team_member WHERE entry_id = ({_entry(entry, LARGE)}) AND role = '{role}' ORDER BY id"


def _file(entry: str, key: str, contest: str = LARGE) -> str:
    newest = "ORDER BY replaced_at IS NOT NULL, id DESC"
    return f"SELECT id FROM attachment WHERE entry_id = ({_entry(entry, contest)}) AND key = '{key}' {newest}"


def _round(code: str, contest: str) -> str:
    return _of_contest("round", code, contest)


def _seat(code: str, contest: str) -> str:
    return _of_contest("seat", code, contest)


def _judging(table: str, seat: str, entry: str, contest: str = LARGE) -> str:
    return (
        f"SELECT id FROM {table} WHERE round_id = ({_round('R1', contest)}) AND seat_id = ({_seat(seat, contest)}) "
        f"AND entry_id = ({_entry(entry, contest)})"
    )


def _person(account: str) -> str:
    return f"SELECT id FROM person WHERE email = '{account}@demo.example'"


def _organisation(section: str, code: str) -> str:
    return f"SELECT organisation_id FROM contest_body WHERE section = '{section}' AND code = '{code}' ORDER BY id"


def _membership(section: str, code: str) -> str:
    return f"SELECT id FROM membership WHERE organisation_id = ({_organisation(section, code)}) ORDER BY id"


def _residency(entry: str) -> str:
    return f"SELECT id FROM residency WHERE entry_id = ({_entry(entry, LARGE)})"


def _mentorship(entry: str) -> str:
    return f"SELECT id FROM mentorship WHERE residency_id = ({_residency(entry)}) AND state = 'active'"


def _activity(condition: str) -> str:
    return (
        f"SELECT id FROM club_activity WHERE club_id = ({_organisation('clubs', 'C01')}) AND {condition} "
        "ORDER BY starts_at"
    )


def _attendance(column: str) -> str:
    held = _activity("state = 'held' AND topic = 'ip'")
    return f"SELECT {column} FROM club_registration WHERE activity_id = ({held}) AND person_id = ({_person('student')})"


FIXED = {"VL": LARGE, "YTX": SMALL, "NOBODY": NOBODY}

QUESTIONS = {
    "S01": _entry("S01", LARGE),
    "S06": _entry("S06", LARGE),
    "S15": _entry("S15", LARGE),
    "I01": _entry("I01", SMALL),
    "P01-of-YTX": _entry("P01", SMALL),
    "lead-of-S01": _member("S01", "lead"),
    "member-of-S01": _member("S01", "member"),
    "third-of-S01": _member("S01", "member") + " DESC",
    "lead-of-S06": _member("S06", "lead"),
    "invitation-of-S01": f"SELECT id FROM team_invitation WHERE entry_id = ({_entry('S01', LARGE)}) ORDER BY id",
    "invitation-of-S06": f"SELECT id FROM team_invitation WHERE entry_id = ({_entry('S06', LARGE)}) ORDER BY id",
    "proposal-of-S01": _file("S01", "thuyet_minh"),
    "confirmation-of-S01": _file("S01", "school_confirm"),
    "proposal-of-S06": _file("S06", "thuyet_minh"),
    "confirmation-of-S06": _file("S06", "school_confirm"),
    "proposal-of-I01": _file("I01", "thuyet_minh", SMALL),
    "receipt-of-S01": f"SELECT receipt FROM entry_version WHERE entry_id = ({_entry('S01', LARGE)})",
    "case-of-S15": f"SELECT id FROM entry_case WHERE entry_id = ({_entry('S15', LARGE)})",
    "likeness-of-S15": "SELECT id FROM similarity_flag",
    "seat-J01": _seat("J01", LARGE),
    "seat-J02": _seat("J02", LARGE),
    "seat-J05": _seat("J05", LARGE),
    "seat-J02-of-YTX": _seat("J02", SMALL),
    "J02-reads-S06": _judging("assignment", "J02", "S06"),
    "J02-reads-S13": _judging("assignment", "J02", "S13"),
    "J01-reads-S01": _judging("assignment", "J01", "S01"),
    "J01-gave-up-S15": _judging("assignment", "J01", "S15"),
    "J02-reads-I01": _judging("assignment", "J02", "I01", SMALL),
    "sheet-J02-S06": _judging("sheet", "J02", "S06"),
    "sheet-J02-I01": _judging("sheet", "J02", "I01", SMALL),
    "paper-sheet": "SELECT id FROM sheet WHERE source = 'paper'",
    "place-of-S01": f"SELECT id FROM place WHERE entry_id = ({_entry('S01', LARGE)})",
    "place-of-S06": f"SELECT id FROM place WHERE entry_id = ({_entry('S06', LARGE)})",
    "shortlist": f"SELECT id FROM shortlist WHERE round_id = ({_round('R1', LARGE)}) ORDER BY id DESC",
    "shortlist-of-YTX": f"SELECT id FROM shortlist WHERE round_id = ({_round('R1', SMALL)})",
    "publication": f"SELECT id FROM publication WHERE round_id = ({_round('R1', LARGE)}) ORDER BY id DESC",
    "school-I01": _organisation("institutions", "I01"),
    "school-I02": _organisation("institutions", "I02"),
    "department": _organisation("bodies", "SKHCN"),
    "C01": _organisation("clubs", "C01"),
    "C02": _organisation("clubs", "C02"),
    "incubator-IN1": _organisation("incubators", "IN1"),
    "role-in-I01": _membership("institutions", "I01"),
    "role-in-IN1": _membership("incubators", "IN1"),
    "clubber-of-C01": (
        "SELECT m.person_id FROM club_cohort_member m JOIN club_cohort c ON c.id = m.cohort_id "
        f"WHERE c.club_id = ({_organisation('clubs', 'C01')}) ORDER BY m.id"
    ),
    "invited-to-C01": (
        "SELECT id FROM organisation_invitation WHERE email = 'student2@demo.example' "
        f"AND organisation_id = ({_organisation('clubs', 'C01')})"
    ),
    "asks-to-join-C01": (
        f"SELECT person_id FROM club_join_request WHERE club_id = ({_organisation('clubs', 'C01')}) ORDER BY id"
    ),
    "joining-C01": (
        "SELECT join_key FROM club_cohort WHERE join_key IS NOT NULL "
        f"AND club_id = ({_organisation('clubs', 'C01')}) ORDER BY id DESC"
    ),
    "open-activity-of-C01": _activity("state = 'open' AND audience = 'school'"),
    "held-activity-of-C01": _activity("state = 'held' AND topic = 'ip'"),
    "planned-activity-of-C01": _activity("state = 'planned'"),
    "attendance-of-student": _attendance("id"),
    "certificate-of-student": _attendance("certificate"),
    "student": _person("student"),
    "person-judge": _person("judge"),
    "session-of-student": f"SELECT id FROM sign_in_session WHERE person_id = ({_person('student')})",
    "message-of-VL": "SELECT id FROM outbox_message WHERE contest_id = (SELECT id FROM contest WHERE code LIKE 'VL-%')",
    "message-of-student": f"SELECT id FROM inbox_item WHERE person_id = ({_person('student')})",
    "intake-IN1": "SELECT id FROM intake WHERE code = 'IN1'",
    "intake-IN2": "SELECT id FROM intake WHERE code = 'IN2'",
    "matching": "SELECT id FROM match_run",
    "offer-of-S01": f"SELECT id FROM offer WHERE entry_id = ({_entry('S01', LARGE)})",
    "offer-of-S06": f"SELECT id FROM offer WHERE entry_id = ({_entry('S06', LARGE)})",
    "residency-of-S01": _residency("S01"),
    "residency-of-S06": _residency("S06"),
    "residency-of-S02": _residency("S02"),
    "milestone-of-S01": f"SELECT id FROM milestone WHERE residency_id = ({_residency('S01')}) AND state = 'planned'",
    "milestone-of-S06": f"SELECT id FROM milestone WHERE residency_id = ({_residency('S06')}) AND state = 'planned'",
    "mentorship-of-S01": _mentorship("S01"),
    "mentorship-of-S06": _mentorship("S06"),
    "session-of-S01": f"SELECT id FROM mentoring_session WHERE mentorship_id = ({_mentorship('S01')})",
    "hall-of-R2": f"SELECT id FROM hall WHERE round_id = ({_round('R2', LARGE)})",
    "slot-of-S01": (
        f"SELECT id FROM pitch_slot WHERE round_id = ({_round('R2', LARGE)}) AND entry_id = ({_entry('S01', LARGE)})"
    ),
    "session-of-S06": f"SELECT id FROM mentoring_session WHERE mentorship_id = ({_mentorship('S06')})",
}
