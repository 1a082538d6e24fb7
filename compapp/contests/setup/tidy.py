"""Taking out of a definition what leads nowhere any more, after something was removed.

A definition that was sound stays exactly as it was: nothing in it leads nowhere.
"""

from collections.abc import Callable, Iterable
from typing import Any

Document = dict[str, Any]


def tidy(document: Document) -> None:
    """Remove every mention of boards, rounds, rubrics, criteria, parts and questions that no longer exist."""
    contest, form = document["contest"], document["form"]
    boards = _codes(contest.get("boards"))
    rounds = _codes(document.get("rounds"))
    rubrics = {one["code"]: _codes(one.get("criteria")) for one in document.get("rubrics") or ()}
    _rounds(document, boards, rounds, rubrics)
    _chain(contest.get("rules") or {}, {code for codes in rubrics.values() for code in codes})
    _keep(contest, "appeals", lambda one: one.get("round") in rounds)
    _keep(contest, "prizes", lambda one: one.get("board") is None or one["board"] in boards)
    _form(form, boards, rounds)


def _rounds(document: Document, boards: set[str], rounds: set[str], rubrics: dict[str, set[str]]) -> None:
    for one in document.get("rounds") or ():
        if one.get("rubric") is not None and one["rubric"] not in rubrics:
            del one["rubric"]
        _keep(one, "extra_points", lambda extra: extra.get("from_vote") is None or extra["from_vote"] in rounds)
        for name, known in (("advance", boards), ("wildcards", boards), ("byes", boards), ("carry", rounds)):
            for code in [code for code in one.get(name) or () if code not in known]:
                del one[name][code]
        _chain(one, rubrics.get(one.get("rubric") or "", {code for codes in rubrics.values() for code in codes}))


def _chain(holder: Document, criteria: set[str]) -> None:
    _keep(holder, "tie_break", lambda step: "criterion_mean" not in step or step["criterion_mean"] in criteria)


def _form(form: Document, boards: set[str], rounds: set[str]) -> None:
    parts, questions = _codes(form.get("sections")), _codes(form.get("fields"), "key")
    asked = [one for name in ("fields", "attachments", "sections", "eligibility") for one in form.get(name) or ()]
    for one in asked:
        _keep(one, "boards", lambda code: code in boards)
        for name, known in (("from_round", rounds), ("section", parts)):
            if one.get(name) is not None and one[name] not in known:
                del one[name]
        condition = one.get("shown_if")
        if condition and condition.get("field") not in questions:
            del one["shown_if"]


def _keep(holder: Document, name: str, wanted: Callable[[Any], bool]) -> None:
    items = holder.get(name)
    if isinstance(items, list) and not all(wanted(one) for one in items):
        holder[name] = [one for one in items if wanted(one)]


def _codes(items: Iterable[Document] | None, key: str = "code") -> set[str]:
    return {str(one.get(key)) for one in items or ()}
