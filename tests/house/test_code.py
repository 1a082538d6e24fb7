"""Rules of the code that no linter knows."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, lines_without_docstring, modules

LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 60, 30
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "stuff"}


def test_there_is_one_commit() -> None:
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert [place.split(":")[0] for place in found] == ["compapp/core/db.py"], found


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_file_stays_within_its_budget(module: Module) -> None:
    assert module.text.count("\n") <= LONGEST_FILE


def test_functions_stay_within_their_budget() -> None:
    lengths = [
        (lines_without_docstring(function), f"{module.name}:{function.lineno} {function.name}")
        for module in modules()
        for function in module.functions()
    ]
    assert [place for length, place in lengths if length > LONGEST_FUNCTION] == []
    usual = sorted(length for length, _ in lengths)
    assert usual[int(0.95 * (len(usual) - 1))] <= USUAL_FUNCTION


def test_what_is_public_is_explained() -> None:
    assert [place for module in modules() for place in _unexplained(module)] == []


def _unexplained(module: Module) -> list[str]:
    found = [] if ast.get_docstring(module.tree) or not module.text.strip() else [module.name]
    for node in module.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if ast.get_docstring(node) is None:
                found.append(f"{module.name}:{node.lineno} {node.name}")
            if isinstance(node, ast.ClassDef):
                found += [
                    f"{module.name}:{method.lineno} {node.name}.{method.name}"
                    for method in node.body
                    if isinstance(method, ast.FunctionDef)
                    and not method.name.startswith("_")
                    and ast.get_docstring(method) is None
                ]
    return found


def test_tables_stand_in_models() -> None:
    """So that whoever imports a room's models knows all its tables; core has a table beside what keeps it."""
    strays = [
        str(module.name)
        for module in modules()
        if re.search(r"^    __tablename__ = ", module.path.read_text(encoding="utf-8"), re.MULTILINE)
        and not re.search(r"/(models(/\w+)?|core/\w+)\.py$", module.path.as_posix())
    ]
    assert strays == []


def test_no_module_has_a_vague_name() -> None:
    assert [module.name for module in modules() if module.path.stem in VAGUE_NAMES] == []


def test_every_room_says_what_it_is_for() -> None:
    folders = [path for path in (ROOT / "compapp").iterdir() if any(path.glob("*.py"))]
    assert [path.name for path in folders if not (path / "__init__.py").exists()] == []


def _listed(layer: str) -> set[str]:
    return set(re.findall(r"\w+", layer))


def test_the_layers_name_every_room() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = set().union(*(_listed(layer) for layer in contracts[0]["layers"]))
    present = {path.parent.name for path in (ROOT / "compapp").glob("*/__init__.py")}
    assert present <= listed


UNWANTED = re.compile(
    "|".join(
        [
            r"[\"'=( ](?:/ho" + r"me|/ro" + r"ot|/wo" + r"rk)/\w",
            "index" + "-url",
            "regis" + "try=",
            '"resol' + 'ved":',
            r"(?-i:(?:#|//|/\*|--|\{#)\s*TO" + r"DO\b)",
            r"(?-i:\bTO" + r"DO[:(])",
            r"(?-i:\bFIX" + r"ME\b)",
            r"(?-i:\bXX" + r"X\b)",
            "coming " + "soon",
            "sắp ra " + "mắt",
        ]
    ),
    re.IGNORECASE,
)
WRITTEN = {".py", ".html", ".txt", ".md", ".sh", ".toml", ".cfg", ".js", ".css", ".json", ".po", ".in", ".ini", ""}
NOT_OURS = {".git", ".venv", ".tools", "instance", "vendor", "__pycache__", "test-results", "node_modules"}


def _our_files() -> list[Path]:
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.suffix in WRITTEN
        and path.is_file()
        and not (set(path.relative_to(ROOT).parts) & NOT_OURS)
        and not any(part.endswith("_cache") or part == ".hypothesis" for part in path.relative_to(ROOT).parts)
    ]


def test_nothing_unfinished_and_no_place_of_one_machine_is_named() -> None:
    found = []
    for path in _our_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if UNWANTED.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_pins_for_tests_contain_the_pins_for_running() -> None:
    running, testing = (
        set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert running - testing == set()
