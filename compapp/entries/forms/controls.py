"""Controls that several forms of the room share."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick; none is ticked beforehand."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
