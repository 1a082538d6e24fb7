"""``flask judging``: the mathematics of judging on files, without a database."""

import sys

import click

from compapp.cli.frame import answer, read_json, read_text, sentences
from compapp.judging.scoring.assignment import InstanceFault, assign_instance
from compapp.judging.scoring.assignment.remedies import ways_out
from compapp.judging.scoring.calibration import METHODS, ScoresFault, rank_table

UNMET = 3

group = click.Group("judging", help="Rank scores or assign judges from files; no database is needed.")


def read_weights(text: str | None) -> dict[str, float]:
    """Read ``c1=20,c2=30``; a sentence for anything else."""
    weights: dict[str, float] = {}
    for part in filter(None, (text or "").split(",")):
        name, _, value = part.partition("=")
        if name.strip() in weights:
            raise click.ClickException(f"--weights: “{name.strip()}” stands twice.")
        try:
            weights[name.strip()] = float(value)
        except ValueError as error:
            raise click.ClickException(f"“{part}” is no weight. Write --weights c1=20,c2=30.") from error
    return weights


@group.command("rank")
@click.argument("scores", metavar="SCORES.csv")
@click.option("--cut", type=click.IntRange(min=1), help="How many places there are: adds each entry's chance of one.")
@click.option("--draws", type=click.IntRange(min=1, max=1_000_000), default=1000, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--weights", help="Weights of the criterion columns, such as c1=20,c2=30 (equal where not given).")
@click.option("--method", type=click.Choice(list(METHODS)), default="panel-weighted", show_default=True)
@click.option("--out", help="Write the JSON to this file instead of printing it.")
@sentences(ScoresFault)
def rank(
    scores: str, cut: int | None, draws: int, seed: int, weights: str | None, method: str, out: str | None
) -> None:
    """Rank the entries of SCORES.csv (columns judge, entry, score or criteria, perhaps group)."""
    table = rank_table(read_text(scores), cut=cut, draws=draws, seed=seed, weights=read_weights(weights), method=method)
    answer(table, out)


@group.command("assign")
@click.argument("instance", metavar="INSTANCE.json")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--out", help="Write the JSON to this file instead of printing it.")
@sentences(InstanceFault)
def assign(instance: str, seed: int, out: str | None) -> None:
    """Assign judges to entries at the exact optimum; exit status 3 where no full assignment exists."""
    document = read_json(instance)
    found = assign_instance(document, seed=seed)
    answer(found, out)
    if found["unmet"]:
        click.echo("No full assignment exists; “unmet” names what is lacking.", err=True)
        for way in ways_out(document, seed=seed):
            click.echo(f"It would with this change: {way}.", err=True)
        sys.exit(UNMET)
