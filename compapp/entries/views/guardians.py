"""The page behind a guardian's link: no account, one question, one answer."""

from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.db import unit_of_work
from compapp.entries import services
from compapp.entries.forms import GuardianAnswerForm
from compapp.entries.views.blueprint import bp
from compapp.web.access import public
from compapp.web.pages import render


@bp.route("/guardian-consents/<token>", methods=["GET", "POST"])
@public
def guardian_consent(token: str) -> ResponseReturnValue:
    """Show what a guardian agrees to, and take the answer once."""
    asked, child, entry = services.asked_by(token, at=clock.now())
    form = GuardianAnswerForm()
    context = {"asked": asked, "child": child, "entry": entry, "contest": entry.contest, "form": form}
    if form.validate_on_submit():
        with unit_of_work():
            asked = services.answer_guardian(token, given=form.answer.data == "given", at=clock.now())
        return render("entries/guardian_answered.html", **(context | {"asked": asked}))
    return render("entries/guardian_consent.html", **context), 422 if form.is_submitted() else 200
