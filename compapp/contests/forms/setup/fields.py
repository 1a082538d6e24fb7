"""Fields whose value stands in the definition's JSON: each says how it is read from there and written back.

``of_json(value)`` gives the field's data for what stands in the file (None where nothing does); ``to_json(old)``
gives what belongs there, or :data:`NOTHING` for no key. ``old`` is what stood there, so that what the
field does not know of it is kept.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from compapp.contests.definition import moment, moved_moment
from compapp.web.forms import DecimalField, LongTextField, MomentField, MoneyField, TextField
from compapp.web.i18n import _, current_locale

ONE_VOTE = "verified_account"

NOTHING: Any = object()
"""What ``to_json`` gives where the key should be absent."""


class Line(TextField):
    """One line."""

    def of_json(self, value: Any) -> Any:
        """Return the text."""
        return value

    def to_json(self, old: Any) -> Any:
        """Return the text; nothing for an empty one."""
        return self.data or NOTHING


class Words(LongTextField):
    """Several lines."""

    def of_json(self, value: Any) -> Any:
        """Return the text."""
        return value

    def to_json(self, old: Any) -> Any:
        """Return the text with plain line ends; nothing for an empty one."""
        return (self.data or "").replace("\r\n", "\n") or NOTHING


class Figure(DecimalField):
    """A number, typed with comma or point."""

    def of_json(self, value: Any) -> Any:
        """Return the exact number."""
        return None if value is None else Decimal(str(value))

    def to_json(self, old: Any) -> Any:
        """Return a whole number where it is one."""
        if self.data is None:
            return NOTHING
        return int(self.data) if self.data == self.data.to_integral_value() else float(self.data)


class Whole(Figure):
    """A whole number, not below ``least``."""

    def __init__(self, label: Any = None, validators: Any = None, *, least: int = 1, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.least = least

    def pre_validate(self, form: Any) -> None:
        """Refuse halves and what is too small."""
        if self.data is not None and (self.data != self.data.to_integral_value() or self.data < self.least):
            raise ValidationError(_("Write a whole number, at least %(least)s.", least=self.least))


class Amount(MoneyField):
    """Whole đồng."""

    def of_json(self, value: Any) -> Any:
        """Return the amount."""
        return value

    def to_json(self, old: Any) -> Any:
        """Return the amount."""
        return NOTHING if self.data is None else self.data


class Flag(BooleanField):  # type: ignore[misc]
    """A box to tick; an absent key means ``default``."""

    def of_json(self, value: Any) -> Any:
        """Return whether it is set."""
        return bool(value)

    def to_json(self, old: Any) -> Any:
        """Return true or false."""
        return bool(self.data)


class Pick(SelectField):  # type: ignore[misc]
    """One of several; the empty choice means an absent key."""

    choices: Any

    def __init__(self, label: Any = None, validators: Any = None, **choices: Any) -> None:
        super().__init__(label, validators, **{"choices": [], **choices})

    def admit(self, value: Any) -> None:
        """Let ``value``, which stands in the file, be chosen too."""
        if value and value not in [choice[0] for choice in self.choices]:
            self.choices = [*self.choices, (value, value)]

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be chosen; a field that was not on the page is not asked."""
        if self.raw_data or self.data:
            super().pre_validate(form)

    def of_json(self, value: Any) -> Any:
        """Return the code; true and false as yes and no."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def to_json(self, old: Any) -> Any:
        """Return the code."""
        return self.data or NOTHING


class YesNo(Pick):
    """Yes, no, or nothing said."""

    def to_json(self, old: Any) -> Any:
        """Return true or false; nothing where nothing is said."""
        return {"yes": True, "no": False}.get(self.data or "", NOTHING)


class ZeroGate(Pick):
    """The rule about zeros; false in the file means none."""

    def of_json(self, value: Any) -> Any:
        """Return the rule's code; nothing for none."""
        return value or ""

    def to_json(self, old: Any) -> Any:
        """Return the code; a false that stood there stays."""
        return self.data or (old if old is False else NOTHING)


class OneVotePer(Pick):
    """How many votes each voter has: an absent key means the same as one vote in all."""

    def of_json(self, value: Any) -> Any:
        """Return the code; nothing for one vote in all."""
        return "" if value == ONE_VOTE else value

    def to_json(self, old: Any) -> Any:
        """Return the code; one vote in all stays as it stood."""
        return self.data or (old if old == ONE_VOTE else NOTHING)


class Needed(Pick):
    """Whether a file must come: yes, no, or only where a member is a minor."""

    def to_json(self, old: Any) -> Any:
        """Return true, false or the file's word."""
        return {"yes": True, "no": False}.get(self.data, self.data)


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick. What the file holds and the choices do not is kept."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def of_json(self, value: Any) -> Any:
        """Return the codes."""
        return list(value or ())

    def to_json(self, old: Any) -> Any:
        """Return the codes, those that stood there first and in their order."""
        chosen = list(self.data or ())
        known = {choice[0] for choice in self.choices or ()}
        kept = [code for code in old or () if code in chosen or code not in known]
        return [*kept, *(code for code in chosen if code not in kept)] or NOTHING


class Moment(MomentField):
    """A date and time; ``launch`` (set by the binding) counts its ``day``."""

    launch: date | None = None

    def of_json(self, value: Any) -> Any:
        """Return the moment."""
        return moment(value)

    def to_json(self, old: Any) -> Any:
        """Return the moment in the file's form, in the offset it had."""
        if self.data is None:
            return NOTHING
        same: datetime | None = moment(old)
        if same is not None and same.replace(second=0, microsecond=0) == self.data:
            return old
        return moved_moment(old or {"at": None, "day": 0}, self.data, self.launch or self.data.date())


class OptionLines(Words):
    """Options, one a line: ``Vietnamese | English``. Codes are kept by place, new ones come from the words."""

    def of_json(self, value: Any) -> Any:
        """Return the lines."""
        return "\n".join(_line(one.get("label") or {"vi": one["code"]}) for one in value or ())

    def to_json(self, old: Any) -> Any:
        """Return the options."""
        from compapp.contests.setup.lists import code_of

        lines = [line.strip() for line in (self.data or "").splitlines() if line.strip()]
        if lines == [_line(one.get("label") or {"vi": one["code"]}) for one in old or ()]:
            return old or NOTHING
        by_line = {_line(one.get("label") or {"vi": one["code"]}): one for one in old or ()}
        taken = {one["code"] for one in old or ()}
        made: list[dict[str, Any]] = []
        for line in lines:
            piece = by_line.get(line)
            if piece is None:
                label = _two(line)
                piece = {"code": code_of(label, taken), "label": label}
                taken.add(piece["code"])
            made.append(piece)
        return made or NOTHING


class MarkLines(Words):
    """What marks mean, one a line: ``10 = Survey and figures``; keys of the JSON are the marks."""

    def of_json(self, value: Any) -> Any:
        """Return the lines."""
        return "\n".join(f"{_with_comma(mark)} = {text}" for mark, text in (value or {}).items())

    def to_json(self, old: Any) -> Any:
        """Return mark to text."""
        read: dict[str, str] = {}
        for line in (self.data or "").splitlines():
            mark, _sign, text = line.partition("=")
            if mark.strip():
                read[mark.strip().replace(",", ".")] = text.strip()
        return old if read == (old or {}) and old is not None else read or NOTHING

    def pre_validate(self, form: Any) -> None:
        """Refuse a line without its sign."""
        for line in (self.data or "").splitlines():
            if line.strip() and "=" not in line:
                raise ValidationError(_("Write each line like this: 10 = what the mark means."))


def _with_comma(mark: str) -> str:
    return mark.replace(".", ",") if current_locale() == "vi" else mark


def _line(label: Mapping[str, str]) -> str:
    vi, en = label.get("vi", ""), label.get("en", "")
    return f"{vi} | {en}" if en and en != vi else vi or en


def _two(line: str) -> dict[str, str]:
    vi, _bar, en = (part.strip() for part in line.partition("|"))
    return {"vi": vi, "en": en} if en else {"vi": vi}
