"""Standings once more, slowly, from the contest file's page alone: the tests' second opinion.

Shares no code with compapp: plain dictionaries in, file rows out.
"""

from decimal import Decimal
from fractions import Fraction


def number(value):
    return Fraction(value) if isinstance(value, str) else Fraction(Decimal(str(value)))


def rubric_of(document, round_):
    return next(rubric for rubric in document["rubrics"] if rubric["code"] == round_["rubric"])


def round_of(document, code):
    return next(round_ for round_ in document["rounds"] if round_["code"] == code)


def board_of(document, entry):
    return next(piece["board"] for piece in document["entries"] if piece["code"] == entry)


def total_of(sheet, rubric):
    if "total" in sheet:
        return number(sheet["total"])
    total = Fraction(0)
    for criterion in rubric["criteria"]:
        top = number(criterion.get("max", rubric["scale"]["max"]))
        total += number(criterion["weight"]) * number(sheet["scores"][criterion["code"]]) / top
    return total


def valid_sheets(document, code, entry=None, judge=None):
    return [
        sheet
        for sheet in document["sheets"].get(code, [])
        if not sheet.get("void")
        and (entry is None or sheet["entry"] == entry)
        and (judge is None or sheet["judge"] == judge)
    ]


def method_of(document, round_):
    return {**document["contest"]["rules"].get("aggregation", {}), **round_.get("aggregation", {})}


def judge_rank_of(document, code, rubric, sheet):
    board = board_of(document, sheet["entry"])
    pile = [
        total_of(other, rubric)
        for other in valid_sheets(document, code, judge=sheet["judge"])
        if board_of(document, other["entry"]) == board
    ]
    mine = total_of(sheet, rubric)
    higher = sum(1 for total in pile if total > mine)
    equal = sum(1 for total in pile if total == mine)
    return Fraction(sum(range(higher + 1, higher + equal + 1)), equal)


def own_figure(document, code, entry):
    round_ = round_of(document, code)
    rubric = rubric_of(document, round_)
    sheets = valid_sheets(document, code, entry)
    if not sheets:
        return None
    totals = sorted(total_of(sheet, rubric) for sheet in sheets)
    method = method_of(document, round_).get("method", "mean")
    if method == "median":
        figure = (totals[(len(totals) - 1) // 2] + totals[len(totals) // 2]) / 2
    elif method == "judge_rank":
        ranks = [judge_rank_of(document, code, rubric, sheet) for sheet in sheets]
        figure = sum(ranks) / Fraction(len(ranks))
    else:  # calibrated: its rounds have fewer than 30 sheets here, so the plain mean by its guard
        if method == "trimmed_mean" and len(totals) >= 5:
            totals = totals[1:-1]
        figure = sum(totals) / Fraction(len(totals))
    for point in document.get("points", {}).get(code, []):
        if point["entry"] == entry:
            figure += number(point["value"])
    return figure


def possible_maximum(document, code):
    round_ = round_of(document, code)
    weights = sum(number(criterion["weight"]) for criterion in rubric_of(document, round_)["criteria"])
    return weights + sum(number(extra["max"]) for extra in round_.get("extra_points", []))


def published_figure(document, code, entry):
    round_ = round_of(document, code)
    if not round_.get("carry"):
        return own_figure(document, code, entry)
    carried = Fraction(0)
    for other, percent in round_["carry"].items():
        figure = own_figure(document, other, entry)
        if figure is None:
            return None
        carried += number(percent) / 100 * figure * 100 / possible_maximum(document, other)
    return carried


def rounded(figure, decimals):
    quantum = Decimal(1).scaleb(-decimals)
    scaled = figure * 10**decimals
    down = scaled.numerator // scaled.denominator
    up = down + 1 if scaled - down >= Fraction(1, 2) else down
    return str((Decimal(up) * quantum).quantize(quantum))


def gates_failed(document, code, entry, published):
    gates = round_of(document, code).get("gates", {})
    rubric = rubric_of(document, round_of(document, code))
    scored = [sheet["scores"] for sheet in valid_sheets(document, code, entry) if "scores" in sheet]
    failed = []
    if "min_total" in gates and published is not None and number(published) < number(gates["min_total"]):
        failed.append("below_min_total")
    zero = False
    for criterion in rubric["criteria"]:
        given = [number(scores[criterion["code"]]) for scores in scored]
        if gates.get("no_zero") == "any_judge" and any(score == 0 for score in given):
            zero = True
        if gates.get("no_zero") == "mean" and given and sum(given) == 0:
            zero = True
    return [*failed, "zero_criterion"] if zero else failed


def step_value(document, code, entry, group, name, value):
    """A number, lower being better; None where the step says nothing about this group."""
    rubric = rubric_of(document, round_of(document, code))
    sheets = valid_sheets(document, code, entry)
    if name == "criterion_mean":
        everyone = [sheet for member in group for sheet in valid_sheets(document, code, member)]
        if any("total" in sheet for sheet in everyone):
            return None
        if value not in [criterion["code"] for criterion in rubric["criteria"]]:
            return None
        return -sum(number(sheet["scores"][value]) for sheet in sheets) / Fraction(len(sheets))
    if name == "lower_spread":
        totals = [total_of(sheet, rubric) for sheet in sheets]
        return max(totals) - min(totals)
    if name == "earlier_submission":
        times = {piece["code"]: piece.get("submitted") for piece in document["entries"]}
        if any(times[member] is None for member in group):
            return None
        return times[entry]["at"]
    for decision in reversed(document.get("chair_decisions", [])):
        if decision["round"] == code and set(group) <= set(decision["entries"]):
            return decision["entries"].index(entry)
    return None


def break_tie(document, code, group, chain):
    """Return [(class of codes, label)], best first."""
    groups = [(sorted(group), None)]
    for step in [*chain, {"chair_decision": True}]:
        ((name, value),) = step.items()
        split = []
        for members, label in groups:
            values = {member: step_value(document, code, member, members, name, value) for member in members}
            if len(members) == 1 or None in values.values() or len(set(values.values())) == 1:
                split.append((members, label))
                continue
            mark = f"criterion_mean:{value}" if name == "criterion_mean" else name
            for distinct in sorted(set(values.values())):
                split.append(([member for member in members if values[member] == distinct], mark))
        groups = split
    return groups


def slow_rows(document, code):
    """Rows per board as ``flask contest standings`` writes them."""
    round_ = round_of(document, code)
    rule = method_of(document, round_)
    decimals, lower = rule.get("decimals", 2), rule.get("method") == "judge_rank"
    chain = round_.get("tie_break", document["contest"]["rules"].get("tie_break", []))
    tables = {board["code"]: [] for board in document["contest"]["boards"]}
    for board in tables:
        facts = {}
        for piece in document["entries"]:
            sheets = valid_sheets(document, code, piece["code"])
            if piece["board"] != board or not sheets:
                continue
            figure = published_figure(document, code, piece["code"])
            text = None if figure is None else rounded(figure, decimals)
            failed = gates_failed(document, code, piece["code"], text)
            facts[piece["code"]] = (text, len(sheets), failed)
        ranked = [entry for entry, (text, count, _) in facts.items() if text is not None and count >= 2]
        ranked = [
            entry for _, entry in sorted((Decimal(facts[entry][0]) * (1 if lower else -1), entry) for entry in ranked)
        ]
        tables[board] = board_rows(document, code, facts, ranked, chain)
    return tables


def board_rows(document, code, facts, ranked, chain):
    placed = []
    for text in dict.fromkeys(facts[entry][0] for entry in ranked):
        group = [entry for entry in ranked if facts[entry][0] == text]
        for members, label in break_tie(document, code, group, chain):
            rank = len(placed) + 1
            placed += [(rank, entry, label) for entry in sorted(members)]
    board = board_of(document, next(iter(facts))) if facts else None
    places = round_of(document, code).get("advance", {}).get(board)
    passing = [rank for rank, entry, _ in placed if not facts[entry][2]]
    rows = []
    for rank, entry, label in placed:
        advances = False
        if places is not None and not facts[entry][2]:
            ahead = sum(1 for other in passing if other < rank)
            level = sum(1 for other in passing if other == rank)
            advances = True if ahead + level <= places else (None if ahead < places else False)
        rows.append(row(rank, entry, facts[entry], label, advances))
    unranked = sorted(set(facts) - set(ranked))
    return rows + [row(None, entry, facts[entry], None, False) for entry in unranked]


def row(rank, entry, fact, label, advances):
    return {
        "rank": rank,
        "entry": entry,
        "total": fact[0],
        "sheets": fact[1],
        "gates_failed": fact[2],
        "tie_break": label,
        "advances": advances,
    }
