"""What the pages of figures read from their address."""

from wtforms import SelectField

from compapp.reports.queries import Chosen
from compapp.web.forms import DayField, Form
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
