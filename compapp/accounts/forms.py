"""Forms of the accounts room; they read and check shape, the services know the limits."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, FileField, IntegerField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import TextInput

from compapp.accounts.policy import ORGANISATION_KINDS, PASSWORD_LEAST, is_address, password_faults
from compapp.web.forms import Form, TextField, options
from compapp.web.i18n import LANGUAGES, _, lazy

_NAME = [DataRequired(), Length(max=200)]
_NEW_PASSWORD = {"autocomplete": "new-password"}


_OWN_NAMES = [SelectChoice(code, name, render_kw={"lang": code}) for code, name in LANGUAGES.items()]
"""Each language by its own name, read out in that language."""


class SignInForm(Form):
    """Address and password. The way back and kept fields are read beside it."""

    email = TextField(lazy("E-mail address"), [DataRequired(), Length(max=254)])
    password = PasswordField(lazy("Password"), [InputRequired(), Length(max=1000)])


class AddressForm(Form):
    """Only an address: where a link should be sent."""

    email = TextField(lazy("E-mail address"), [DataRequired(), Length(max=254)])

    def validate_email(self, field: Any) -> None:
        """Refuse what is no address."""
        if not is_address(field.data):
            raise ValidationError(_("This is not an e-mail address."))


class NewAddressForm(AddressForm):
    """Another address of one's own, and what it is for."""

    use = RadioField(
        lazy("What is it for?"),
        choices=options(
            [
                ("main", lazy("Messages go there from now on, and I sign in with it")),
                ("second", lazy("A second address, beside the present one")),
            ]
        ),
        default="main",
    )
    present = PasswordField(
        lazy("Present password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )


class NewPasswordForm(Form):
    """A password chosen now; who it is for is told to ``about``."""

    password = PasswordField(
        lazy("New password"),
        [InputRequired()],
        description=lazy(
            "At least %(least)s characters. A few words that only you would put together are best.",
            least=PASSWORD_LEAST,
        ),
        render_kw=_NEW_PASSWORD,
    )

    def about(self, *, email: str = "", name: str = "") -> "NewPasswordForm":
        """Let the rule compare the password with the person's own name and address."""
        self.owner = {"email": email, "name": name}
        return self

    def validate_password(self, field: Any) -> None:
        """Apply the rule of good passwords."""
        for msgid, params in password_faults(field.data or "", **getattr(self, "owner", {})):
            raise ValidationError(_(msgid, **params))


class ChangePasswordForm(NewPasswordForm):
    """The present password, then the new one."""

    present = PasswordField(
        lazy("Present password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )


class SignUpForm(AddressForm):
    """A student's sign-up; the password is chosen behind the mailed link, by whoever reads that mailbox."""

    name = TextField(lazy("Full name"), _NAME, render_kw={"autocomplete": "name"})
    birth_year = IntegerField(
        lazy("Year of birth"),
        [InputRequired()],
        widget=TextInput(),
        render_kw={"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": "4"},
    )
    has_turned = BooleanField(lazy("I have turned 16 already this year"))
    guardian_name = TextField(lazy("Name of your guardian"), [Length(max=200)])
    guardian_email = TextField(lazy("E-mail address of your guardian"), [Length(max=254)])
    agreed = BooleanField(
        lazy("I agree that my data are used to run the contests that I take part in."), [DataRequired()]
    )


class InvitationForm(NewPasswordForm):
    """What an invited person fills in."""

    name = TextField(lazy("Full name"), _NAME, render_kw={"autocomplete": "name"})
    locale = SelectField(lazy("Language"), choices=_OWN_NAMES)


class ProfileForm(Form):
    """One's own name, phone number and language."""

    name = TextField(lazy("Full name"), _NAME, render_kw={"autocomplete": "name"})
    phone = TextField(lazy("Phone number"), [Length(max=30)], render_kw={"autocomplete": "tel", "inputmode": "tel"})
    locale = SelectField(lazy("Language"), choices=_OWN_NAMES)


class MemberForm(AddressForm):
    """Inviting somebody into a role; ``offer`` sets which roles may be chosen."""

    name = TextField(lazy("Full name"), _NAME)
    role = SelectField(lazy("Role"))

    def offer(self, roles: dict[str, str]) -> "MemberForm":
        """Offer these roles (with marked labels)."""
        self.role.choices = options((role, _(label)) for role, label in roles.items())
        return self


class StudentNumberForm(Form):
    """One's own student number at a school."""

    school = SelectField(lazy("School"))
    number = TextField(lazy("Student number"), [DataRequired(), Length(max=40)])
    class_name = TextField(lazy("Class"), [Length(max=60)])
    faculty = TextField(lazy("Faculty"), [Length(max=120)])

    def offer(self, schools: dict[str, str]) -> "StudentNumberForm":
        """Offer these schools."""
        self.school.choices = options([("", _("Choose your school")), *schools.items()])
        return self


class StudentForm(Form):
    """One student whom the school itself puts on its list."""

    name = TextField(lazy("Full name"), _NAME)
    number = TextField(lazy("Student number"), [DataRequired(), Length(max=40)])
    class_name = TextField(lazy("Class"), [Length(max=60)])
    faculty = TextField(lazy("Faculty"), [Length(max=120)])
    email = TextField(lazy("E-mail address"), [Length(max=254)])
    birth_year = TextField(lazy("Year of birth"), [Length(max=4)], render_kw={"inputmode": "numeric"})
    guardian = TextField(lazy("Guardian who agreed"), [Length(max=120)])


class StudentListForm(Form):
    """A spreadsheet with students."""

    file = FileField(lazy("Spreadsheet"), [InputRequired()])


class RoleForm(Form):
    """Giving a known person a role on the platform."""

    role = SelectField(lazy("Role"))

    def offer(self, roles: dict[str, str]) -> "RoleForm":
        """Offer these roles (with marked labels)."""
        self.role.choices = options((role, _(label)) for role, label in roles.items())
        return self


class OrganisationForm(Form):
    """A new organisation."""

    kind = SelectField(lazy("Kind"))
    name_vi = TextField(lazy("Name in Vietnamese"), [DataRequired(), Length(max=300)])
    name_en = TextField(lazy("Name in English"), [Length(max=300)])
    province = TextField(lazy("Province or city"), [Length(max=100)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((kind, _(label)) for kind, label in ORGANISATION_KINDS.items())


class AboveForm(Form):
    """The body above an organisation."""

    above = SelectField(lazy("Body above it"))

    def offer(self, bodies: Iterable[tuple[int, str]]) -> "AboveForm":
        """Offer these bodies by number and name, and none."""
        self.above.choices = options([("", _("No body")), *((str(number), name) for number, name in bodies)])
        return self
