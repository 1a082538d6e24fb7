"""Placement on the sample, and on tiny markets against every stable matching."""

import json
from itertools import permutations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compapp.judging.scoring.from_file import contest_scoring
from compapp.placement.scoring.deferred_acceptance import explain, match, match_market
from compapp.placement.scoring.from_file import contest_market
from compapp.placement.scoring.market import MarketFault, read_market

DATA = Path(__file__).parents[2] / "data"


def read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def test_the_sample_places_and_waits_as_expected():
    sample, expected = read("sample-contest.json"), read("sample-expected.json")["placement"]
    scoring = contest_scoring(sample)
    figures = {
        part["round"]: {row.entry: row.published for rows in scoring.standings(part["round"]).values() for row in rows}
        for part in sample["incubation"]["matching"]["merit"]
    }
    market = contest_market(sample, figures)
    assert {incubator.code: incubator.places for incubator in market.incubators} == expected["free_places"]
    found = match(market)
    assert found.matches == expected["expected"]
    waiting = [(code, team) for code, teams in found.waiting.items() for team in teams]
    assert waiting == [(line["incubator"], line["entry"]) for line in expected["waiting_list"]]


TEAMS = ["T1", "T2", "T3", "T4"]
INCUBATORS = ["I1", "I2", "I3"]


@st.composite
def markets(draw, reserved=False):
    teams = [
        {
            "id": team,
            "prefs": draw(st.permutations(INCUBATORS))[: draw(st.integers(0, 3))],
            "score": draw(st.integers(1, 3)),
            "sector": draw(st.sampled_from(["x", "y"])),
        }
        for team in TEAMS
    ]
    incubators = []
    for code in INCUBATORS:
        incubator = {"id": code, "places": draw(st.integers(0, 2))}
        if draw(st.booleans()):
            incubator["prefs"] = draw(st.permutations(TEAMS))[: draw(st.integers(0, 4))]
        if draw(st.integers(0, 3)) == 0:
            incubator["sectors"] = ["x"]
        if reserved and incubator["places"] and draw(st.booleans()):
            incubator["reserved"] = {"x": draw(st.integers(1, incubator["places"]))}
        incubators.append(incubator)
    return {"teams": teams, "incubators": incubators}


class Slow:
    """A market looked at by brute force; ``order`` is the lottery among equal scores."""

    def __init__(self, document, seed):
        self.teams = {team["id"]: team for team in document["teams"]}
        self.incubators = {incubator["id"]: incubator for incubator in document["incubators"]}
        # The lottery is read off a market where one incubator ranks everybody by score alone.
        flat = {
            "teams": [{**team, "prefs": ["L"], "score": 0} for team in document["teams"]],
            "incubators": [{"id": "L", "places": 0}],
        }
        self.drawn = match_market(flat, seed=seed)["waiting"]["L"]

    def acceptable(self, code, team):
        incubator = self.incubators[code]
        if team not in incubator.get("prefs", self.teams):
            return False
        return self.teams[team]["sector"] in incubator.get("sectors", ["x", "y"])

    def key(self, code, team):
        own = self.incubators[code].get("prefs")
        return own.index(team) if own is not None else (-self.teams[team]["score"], self.drawn.index(team))

    def chosen(self, code, teams):
        """Whom an incubator takes of these teams: reserved places first, then the rest."""
        incubator = self.incubators[code]
        ordered = sorted((team for team in teams if self.acceptable(code, team)), key=lambda team: self.key(code, team))
        taken = []
        for sector, places in incubator.get("reserved", {}).items():
            taken += [team for team in ordered if self.teams[team]["sector"] == sector][:places]
        rest = [team for team in ordered if team not in taken]
        return set(taken + rest[: incubator["places"] - len(taken)])

    def stable(self, matches):
        held = {code: {team for team, at in matches.items() if at == code} for code in self.incubators}
        for code, teams in held.items():
            if self.chosen(code, teams) != teams:
                return False
        for team, at in matches.items():
            wanted = self.teams[team]["prefs"]
            if at is not None and at not in wanted:
                return False
            better = wanted[: wanted.index(at)] if at is not None else wanted
            if any(team in self.chosen(code, held[code] | {team}) for code in better):
                return False
        return True

    def stable_matchings(self):
        choices = [[None, *self.teams[team]["prefs"]] for team in self.teams]
        for at in product(*choices):
            matches = dict(zip(self.teams, at, strict=True))
            if self.stable(matches):
                yield matches

    def place(self, team, at):
        wanted = self.teams[team]["prefs"]
        return wanted.index(at) if at in wanted else len(INCUBATORS)


@given(st.one_of(markets(), markets(reserved=True)), st.integers(0, 5))
@settings(max_examples=150)
def test_stable_and_best_for_every_team(document, seed):
    found, slow = match_market(document, seed=seed), Slow(document, seed)
    matches = found["matches"]
    everyone = list(slow.stable_matchings())
    assert matches in everyone
    for other in everyone:
        for team, at in matches.items():
            assert slow.place(team, at) <= slow.place(team, other[team])
    for code, incubator in slow.incubators.items():
        assert sum(1 for at in matches.values() if at == code) <= incubator["places"]


@given(markets(), st.integers(0, 5))
@settings(max_examples=100)
def test_the_same_teams_are_placed_in_every_stable_matching(document, seed):
    slow = Slow(document, seed)
    assert len({frozenset(team for team, at in other.items() if at) for other in slow.stable_matchings()}) == 1


@given(st.one_of(markets(), markets(reserved=True)), st.sampled_from(TEAMS), st.integers(0, 5))
@settings(max_examples=80)
def test_no_team_gains_by_listing_another_order(document, team, seed):
    slow = Slow(document, seed)
    honest = match_market(document, seed=seed)["matches"][team]
    for count in range(4):
        for told in permutations(INCUBATORS, count):
            teams = [{**piece, "prefs": list(told)} if piece["id"] == team else piece for piece in document["teams"]]
            other = match_market({**document, "teams": teams}, seed=seed)["matches"][team]
            assert slow.place(team, honest) <= slow.place(team, other)


@given(st.one_of(markets(), markets(reserved=True)), st.integers(0, 5))
@settings(max_examples=100)
def test_waiting_lists_choice_and_explanation(document, seed):
    found, slow = match_market(document, seed=seed), Slow(document, seed)
    for code in slow.incubators:
        expected = [
            team
            for team, piece in slow.teams.items()
            if code in piece["prefs"]
            and slow.acceptable(code, team)
            and slow.place(team, code) < slow.place(team, found["matches"][team])
        ]
        assert found["waiting"][code] == sorted(expected, key=lambda team: slow.key(code, team))
    for team, at in found["matches"].items():
        wanted = slow.teams[team]["prefs"]
        assert found["rank"][team] == (wanted.index(at) + 1 if at else None)
        assert (f"Placed at {at}" in found["explain"][team]) if at else ("Placed" not in found["explain"][team])


@given(st.one_of(markets(), markets(reserved=True)), st.integers(0, 5), st.sampled_from(INCUBATORS))
@settings(max_examples=60)
def test_order_of_the_lists_does_not_matter_and_more_places_hurt_nobody(document, seed, grown):
    before, slow = match_market(document, seed=seed)["matches"], Slow(document, seed)
    turned = {"teams": document["teams"][::-1], "incubators": document["incubators"][::-1]}
    assert match_market(turned, seed=seed)["matches"] == before
    larger = [
        {**piece, "places": piece["places"] + 1} if piece["id"] == grown else piece for piece in document["incubators"]
    ]
    after = match_market({**document, "incubators": larger}, seed=seed)["matches"]
    assert all(slow.place(team, after[team]) <= slow.place(team, before[team]) for team in before)


def test_equal_merit_is_drawn_by_one_lottery_for_all_incubators():
    teams = [{"id": f"T{number}", "prefs": ["I1"], "score": 5} for number in range(8)]
    document = {"teams": teams, "incubators": [{"id": "I1", "places": 0}]}
    orders = {tuple(match_market(document, seed=seed)["waiting"]["I1"]) for seed in range(20)}
    assert len(orders) == 20
    assert match_market(document, seed=3) == match_market(document, seed=3)


def test_explanations_say_what_happened_to_each_choice():
    document = {
        "teams": [
            {"id": "A", "prefs": ["I1"], "score": 9, "sector": "ict"},
            {"id": "B", "prefs": ["I3", "I2", "I1", "I4"], "score": 5, "sector": "ict"},
            {"id": "C", "prefs": []},
        ],
        "incubators": [
            {"id": "I1", "places": 1},
            {"id": "I2", "places": 2, "sectors": ["food"]},
            {"id": "I3", "places": 0},
            {"id": "I4", "places": 1, "prefs": ["A"]},
        ],
    }
    found = match(read_market(document))
    assert [(step.incubator, step.outcome, step.last_held) for step in found.steps["B"]] == [
        ("I3", "no_places", None),
        ("I2", "sector", None),
        ("I1", "full", "A"),
        ("I4", "unlisted", None),
    ]
    assert explain(found, "C") == "No preference given."


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"teams": [{"id": "A", "prefs": ["I9"]}]}, "teams[0].prefs[0]"),
        ({"teams": [{"id": "A", "prefs": ["I1", "I1"]}]}, "teams[0].prefs[1]"),
        ({"teams": [{"id": "A", "prefs": []}, {"id": "A", "prefs": []}]}, "teams[1].id"),
        ({"teams": [{"id": "A", "prefs": [], "score": "many"}]}, "teams[0].score"),
        ({"teams": None}, "teams"),
        ({"incubators": [{"id": "I1", "places": -1}]}, "incubators[0].places"),
        ({"incubators": [{"id": "I1", "places": 1, "prefs": ["Z"]}]}, "incubators[0].prefs[0]"),
        ({"incubators": [{"id": "I1", "places": 1, "reserved": {"x": 2}}]}, "incubators[0].reserved"),
    ],
)
def test_faults_name_the_path(change, path):
    document = {"teams": [], "incubators": [{"id": "I1", "places": 1}], **change}
    with pytest.raises(MarketFault) as fault:
        match_market(document)
    assert str(fault.value).startswith(f"{path}: ")
