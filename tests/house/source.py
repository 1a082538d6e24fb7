"""The code base as data for the tests of this folder."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROOMS = (
    "core",
    "web",
    "accounts",
    "notifications",
    "clubs",
    "contests",
    "entries",
    "judging",
    "placement",
    "incubation",
    "portal",
    "reports",
)
"""From the ground up; what stands above them (app, cli, demo, dev, worker) holds no data."""


@dataclass(frozen=True)
class Module:
    """One parsed file of ``compapp``."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the checkout's root."""
        return str(self.path.relative_to(ROOT))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the program."""
    found = []
    for path in sorted((ROOT / "compapp").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(path, text, ast.parse(text, str(path))))
    return tuple(found)


@cache
def templates() -> tuple[Path, ...]:
    """Return every template, by its path below ``templates``."""
    folder = ROOT / "templates"
    return tuple(sorted(p.relative_to(folder) for p in folder.rglob("*") if p.suffix in {".html", ".txt", ".xml"}))


def template_text(template: Path) -> str:
    """Return what stands in a template."""
    return (ROOT / "templates" / template).read_text(encoding="utf-8")


def lines_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has besides its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines
