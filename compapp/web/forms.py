"""Base form and fields: Vietnamese messages, NFC text, comma decimals, local times."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import core

from compapp.core.clock import ZONE, local
from compapp.core.errors import Invalid
from compapp.core.numbers import parse_decimal
from compapp.core.text import nfc
from compapp.web.i18n import _, translations


def _attributes(**given: Any) -> Markup:
    """Return attributes as WTForms writes them: sorted, True bare, False left out, the rest escaped.

    Its own builds every attribute by a template of markupsafe, which was a sixth of the cost of a long form.
    """
    pieces = []
    for key, value in sorted(given.items()):
        if value is not False:
            name = core.clean_key(key)
            text = "" if value is True else str(escape(value)).replace('"', "&quot;")
            pieces.append(name if value is True else f'{name}="{text}"')
    return Markup(" ".join(pieces))  # noqa: S704 - every value was escaped


core.html_params = _attributes
core.Input.html_params = core.Button.html_params = staticmethod(_attributes)


class _Catalogue:
    """WTForms' messages through our own catalogue (WTForms ships no Vietnamese)."""

    def gettext(self, message: str) -> str:
        """Return ``message`` translated, its places left open."""
        return str(translations().ugettext(message))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the form for ``count``, its places left open."""
        return str(translations().ungettext(singular, plural, count))


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Translated messages, text in NFC."""

        def get_translations(self, form: Any) -> Any:
            """Return our catalogue."""
            return _Catalogue()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Bind a field whose text arrives trimmed and in NFC."""
            filters = list(unbound_field.kwargs.get("filters", []))
            if issubclass(unbound_field.field_class, StringField):
                filters.append(_clean)
            return (
                unbound_field.bind(form=form, filters=filters, **options)
                if filters
                else super().bind_field(form, unbound_field, options)
            )

    def apply(self, error: Invalid) -> None:
        """Put the sentences of a service's refusal on the fields they belong to, the rest on the form."""
        placed = False
        for name, sentences in error.fields.items():
            if name in self._fields:
                texts = [_(msgid, **params) for msgid, params in sentences]
                self._fields[name].errors = [*self._fields[name].errors, *texts]
                placed = True
        if not placed:
            self.form_errors.append(_(error.msgid, **error.params))


def _clean(value: Any) -> Any:
    return nfc(value).strip() if isinstance(value, str) else value


class DecimalField(StringField):  # type: ignore[misc]
    """A number typed with a comma or a point; ``data`` is an exact Decimal."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; a ValueError with a sentence for anything else."""
        self.data = None
        if valuelist and valuelist[0].strip():
            self.typed = valuelist[0]
            try:
                self.data = parse_decimal(valuelist[0])
            except Invalid as error:
                raise ValueError(_(error.msgid, **error.params)) from None

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return str(self.typed)
        return "" if self.data is None else str(self.data).replace(".", ",")


class MoneyField(StringField):  # type: ignore[misc]
    """Whole đồng; points, spaces and commas between thousands are accepted; ``data`` is an int."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount."""
        self.data = None
        text = valuelist[0] if valuelist else ""
        if text.strip():
            self.typed = text
            digits = "".join(c for c in text if c not in " .,\u00a0")
            if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
                raise ValueError(_("Write the amount in đồng with digits only, such as 30.000.000."))
            self.data = int(digits)

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return str(self.typed)
        return "" if self.data is None else f"{int(self.data):,}".replace(",", ".")


class MomentField(StringField):  # type: ignore[misc]
    """A local date and time, ``dd/mm/yyyy HH:MM`` or the browser's ``datetime-local`` form; ``data`` is UTC."""

    _FORMS = ("%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        self.typed = text
        for form in self._FORMS:
            try:
                self.data = datetime.strptime(text, form).replace(tzinfo=ZONE).astimezone(UTC)
                return
            except (ValueError, OverflowError):
                continue
        raise ValueError(_("Write the date and time as dd/mm/yyyy hh:mm, such as 15/11/2026 17:00."))

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return str(self.typed)
        return "" if self.data is None else f"{local(self.data):%Y-%m-%dT%H:%M}"


def options(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return the choices of a select or radio field from (value, label) pairs."""
    return [SelectChoice(value, label) for value, label in pairs]


class TextField(StringField):  # type: ignore[misc]
    """One line of text, trimmed and in NFC."""


class LongTextField(TextAreaField):  # type: ignore[misc]
    """Several lines of text, trimmed and in NFC."""


def between(least: Decimal, most: Decimal) -> Any:
    """Return a validator for a number from ``least`` to ``most``."""

    def validate(_form: Form, field: Field) -> None:
        if field.data is not None and not least <= field.data <= most:
            raise ValidationError(_("Write a number from %(least)s to %(most)s.", least=least, most=most))

    return validate


class DayField(StringField):  # type: ignore[misc]
    """A day, ``dd/mm/yyyy`` or the browser's ``yyyy-mm-dd``; ``data`` is a date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        self.typed = text
        for form in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                self.data = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
                return
            except ValueError:
                continue
        raise ValueError(_("Write the date as dd/mm/yyyy, such as 15/11/2026."))

    def _value(self) -> str:
        if getattr(self, "typed", None):
            return str(self.typed)
        return "" if self.data is None else f"{self.data:%d/%m/%Y}"
