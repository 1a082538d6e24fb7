"""The lists of the wizard: on which page each stands, what its things are called, which form edits one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from compapp.contests.forms.setup.asking import FileForm, FirstQuestionForm, PartForm, question_form
from compapp.contests.forms.setup.binding import PieceForm, values_of
from compapp.contests.forms.setup.entering import BoardForm
from compapp.contests.forms.setup.general import SponsorForm
from compapp.contests.forms.setup.judging import RubricForm
from compapp.contests.forms.setup.rounds import round_form
from compapp.contests.setup import lists
from compapp.contests.setup.lists import Listed
from compapp.core.text import N_

Make = Callable[[dict[str, Any], dict[str, Any], Any], PieceForm]


def _plain(form_class: type[PieceForm]) -> Make:
    def make(document: dict[str, Any], piece: dict[str, Any], text: Any) -> PieceForm:
        return form_class(formdata=text, data=None if text is not None else values_of(form_class, piece))

    return make


@dataclass(frozen=True)
class Kind:
    """One list. ``title`` heads it, ``add`` is its button, ``empty`` what an empty list says (marked msgids).

    ``turns`` is the field on whose value it depends which other fields there are.
    """

    name: str
    step: str
    listed: Listed
    make: Make
    title: str
    add: str
    empty: str
    turns: str = ""


_ALL = (
    Kind(
        "boards",
        "boards",
        lists.BOARDS,
        _plain(BoardForm),
        N_("Boards"),
        N_("Add a board"),
        N_("There is no board yet."),
    ),
    Kind(
        "rubrics",
        "rubrics",
        lists.RUBRICS,
        _plain(RubricForm),
        N_("Rubrics"),
        N_("Add a rubric"),
        N_("There is no rubric yet."),
    ),
    Kind(
        "rounds",
        "rounds",
        lists.ROUNDS,
        round_form,
        N_("Rounds"),
        N_("Add a round"),
        N_("There is no round yet."),
        "kind",
    ),
    Kind(
        "sponsors",
        "sponsors",
        lists.SPONSORS,
        _plain(SponsorForm),
        N_("Sponsors"),
        N_("Add a sponsor"),
        N_("There is no sponsor yet."),
    ),
    Kind(
        "first-questions",
        "form",
        lists.FIRST_QUESTIONS,
        _plain(FirstQuestionForm),
        N_("Questions before the form"),
        N_("Add a question before the form"),
        N_("Nobody is asked anything before the form."),
    ),
    Kind(
        "parts",
        "form",
        lists.PARTS,
        _plain(PartForm),
        N_("Parts of the form"),
        N_("Add a part"),
        N_("The form has no parts: all questions stand under one heading."),
    ),
    Kind(
        "questions",
        "form",
        lists.QUESTIONS,
        question_form,
        N_("Questions"),
        N_("Add a question"),
        N_("There is no question yet."),
        "type",
    ),
    Kind(
        "files",
        "form",
        lists.FILES,
        _plain(FileForm),
        N_("Files and links"),
        N_("Add a file"),
        N_("No file is asked for."),
    ),
)

KINDS = {kind.name: kind for kind in _ALL}
