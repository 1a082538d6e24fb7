"""What would change if a judge left, in words, before it happens."""

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, queries, services
from compapp.judging.models import Seat
from compapp.web.i18n import _


def plan_in_words(found: Seat, chosen: Seat | None) -> list[tuple[str, str | None]]:
    """Return titles and who would read them (None: nobody) if the judge left now and ``chosen`` took over.

    Entries that the reader may not know of are left out.
    """
    plan = services.departure_plan(found, at=now())
    takes: set[tuple[int, int]] = set()
    if chosen is not None:
        for round_ in {one.round_id: one.round for one, _reader in plan}.values():
            for offer in queries.takeovers(round_, found, at=now()):
                if offer.seat.id == chosen.id:
                    takes |= {(round_.id, entry) for entry in offer.entries}
    hidden = queries.hidden_among(current_actor().person_id, [one.entry_id for one, _reader in plan])
    shown = [(one, reader) for one, reader in plan if one.entry_id not in hidden]
    titles = anonymous_titles([one.entry_id for one, _reader in shown]) if shown else {}
    words: list[tuple[str, str | None]] = []
    for one, reader in shown:
        name = None if reader is None else reader.person.name
        if chosen is not None and (one.round_id, one.entry_id) in takes:
            name = chosen.person.name
        elif chosen is not None and name is not None:
            name = _("the next best judge")
        words.append((forms.in_words(titles[one.entry_id].title), name))
    return words
