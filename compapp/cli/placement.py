"""``flask placement``: matching teams and incubators from a file, without a database."""

import click

from compapp.cli.frame import answer, read_json, sentences
from compapp.placement.scoring.deferred_acceptance import match_market
from compapp.placement.scoring.market import MarketFault

group = click.Group("placement", help="Match teams and incubators from a file; no database is needed.")


@group.command("match")
@click.argument("market", metavar="MARKET.json")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--out", help="Write the JSON to this file instead of printing it.")
@sentences(MarketFault)
def match(market: str, seed: int, out: str | None) -> None:
    """Match the teams and incubators of MARKET.json by deferred acceptance."""
    answer(match_market(read_json(market), seed=seed), out)
