"""``flask audit``: whether the record is whole, and whether it still holds what was noted of it elsewhere."""

import sys

import click

from compapp.cli.frame import answer, with_database
from compapp.core import anchors, audit
from compapp.core.formats import moment

group = click.Group("audit", help="Verify the record, and compare it with seals noted elsewhere.")


@group.command("head")
@with_database
def head() -> None:
    """Print where the record ends and the seal that stands there, to be kept elsewhere."""
    found = anchors.head()
    answer({"head": str(found) if found else None})


@group.command("verify")
@click.option("--head", "heads", multiple=True, metavar="POSITION:SEAL", help="A head noted earlier; repeatable.")
@with_database
def verify(heads: tuple[str, ...]) -> None:
    """Recompute every seal of the record; say whether it still holds the heads that were noted earlier."""
    wanted = [(text, anchors.read_head(text)) for text in heads]
    for text, read in wanted:
        if read is None:
            raise click.ClickException(f"“{text}” is no head. Write it as POSITION:SEAL, such as 1204:9f2c….")
    fault = audit.verify()
    faults = ([fault] if fault else []) + anchors.lost_notes()
    found = [anchors.ask(read) for _text, read in wanted if read is not None]
    held = [one.state == anchors.HELD for one in found]
    end = anchors.head()
    says = [sentence(one) for one in found]
    answer({"ok": not faults and all(held), "head": str(end) if end else None, "faults": faults, "heads": says})
    for line in (*faults, *says):
        click.echo(line, err=True)
    if faults or not all(held):
        sys.exit(1)


def sentence(found: anchors.Answer) -> str:
    """Return what became of a head that was noted earlier."""
    head = found.head.printed
    if found.state == anchors.HELD and found.at is not None:
        return f"The record still holds {head}, written on {moment(found.at, 'en')}."
    if found.state == anchors.CUT:
        return f"The record does not hold {head}: it ends at {found.ends_at}. Its end was cut off."
    return f"The record does not hold {head}: another seal stands there. It was rewritten."
