"""``flask contest``: contest files in and out, a clone for the next year, and the standings of a round."""

from datetime import date, datetime

import click

from compapp.cli.frame import COMMAND_LINE, answer, read_bytes, sentences, with_database
from compapp.contests import services
from compapp.core import clock
from compapp.core.db import unit_of_work
from compapp.judging.queries.standings import file_rows
from compapp.judging.scoring.exact import ScoringFault

group = click.Group("contest", help="Import, export and clone contests; print standings.")

DAY = click.DateTime(formats=["%Y-%m-%d"])


@group.command("import")
@click.argument("file", metavar="FILE")
@click.option("--shift-to", type=DAY, help="Make this day the launch day and move every time by as many days.")
@with_database
@sentences()
def import_(file: str, shift_to: datetime | None) -> None:
    """Import the contest file FILE (- for standard input): all of it, or nothing and a sentence per fault."""
    content = read_bytes(file)
    with unit_of_work():
        done = services.import_file(content, shift_to=_day(shift_to), actor=COMMAND_LINE, at=clock.now())
    answer(done)


@group.command("export")
@click.argument("code")
@click.option("--out", help="Write the JSON to this file instead of printing it.")
@with_database
@sentences()
def export(code: str, out: str | None) -> None:
    """Print the contest CODE as a contest file; importing that gives an equal contest."""
    with unit_of_work():
        document = services.export_file(code, actor=COMMAND_LINE, at=clock.now())
    answer(document, out)


@group.command("clone")
@click.argument("code")
@click.argument("new_code")
@click.option("--launch", type=DAY, required=True, help="The launch day of the new contest, such as 2027-09-15.")
@with_database
@sentences()
def clone(code: str, new_code: str, launch: datetime) -> None:
    """Make the draft NEW_CODE with the definition of the contest CODE, its calendar moved to another launch day."""
    with unit_of_work():
        done = services.clone_contest(code, new_code, launch.date(), actor=COMMAND_LINE, at=clock.now())
    answer(done)


@group.command("standings")
@click.argument("code")
@click.argument("round_code", metavar="ROUND")
@click.option("--format", "format_", type=click.Choice(["json"]), default="json", show_default=True)
@with_database
@sentences(ScoringFault)
def standings(code: str, round_code: str, format_: str) -> None:
    """Print the standings of a round, from the stored sheets: board to rows in rank order."""
    del format_
    answer(file_rows(code, round_code))


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
