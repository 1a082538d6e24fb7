"""What the pages of figures and of the record read from their address."""

from wtforms import SelectField

from compapp.reports.queries import Chosen, Wanted
from compapp.web.forms import DayField, Form, TextField
from compapp.web.i18n import lazy


class FunnelForm(Form):
    """The filter of the funnel; it lives in the address and needs no token."""

    class Meta(Form.Meta):
        """Read from the address."""

        csrf = False

    contest = SelectField(lazy("Contest"), validate_choice=False)
    since = DayField(lazy("From day"))
    until = DayField(lazy("To day"))

    def chosen(self) -> Chosen:
        """Return what is counted; a wrong day counts as none."""
        return Chosen(self.contest.data or "", self.since.data, self.until.data)


class RecordForm(Form):
    """The filter of the record; it lives in the address and needs no token."""

    class Meta(Form.Meta):
        """Read from the address."""

        csrf = False

    who = TextField(lazy("Who"))
    verb = SelectField(lazy("What was done"), validate_choice=False)
    entry = TextField(lazy("Entry (its code)"))
    since = DayField(lazy("From day"))
    until = DayField(lazy("To day"))

    def wanted(self, page: int | None) -> Wanted:
        """Return how the record is narrowed; a wrong day counts as none."""
        return Wanted(
            who=(self.who.data or "")[:100],
            verb=self.verb.data or "",
            entry=(self.entry.data or "").strip()[:40] if "entry" in self else "",
            since=self.since.data,
            until=self.until.data,
            page=page or 1,
        )
