"""The house stands as it was drawn: who may import whom, where heavy libraries live, what lies at the top."""
from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("nl2sql", "data", "eval", "ui")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

# A module belongs to the longest prefix here, and may import the prefixes named beside it, itself, and level 0.
LEVEL_0 = {"nl2sql.records", "nl2sql.errors", "nl2sql.names", "nl2sql.folders", "nl2sql.options"}
PUBLIC = {"nl2sql"}
STAGES = {"nl2sql.sql", "nl2sql.context", "nl2sql.model", "nl2sql.engine"}
ORDER = {"nl2sql.assistant", "nl2sql.choice", "nl2sql.conversation", "nl2sql.memory"}
EVERYTHING = {*STAGES, *ORDER, *PUBLIC, "nl2sql.data", "nl2sql.eval", "nl2sql.ui", "nl2sql.show"}
MAY_IMPORT: dict[str, set[str]] = {
    "nl2sql.records": set(),
    "nl2sql.errors": set(),
    "nl2sql.names": set(),
    "nl2sql.folders": set(),
    "nl2sql.options": set(),
    "nl2sql.sql": set(),
    "nl2sql.context": set(),
    "nl2sql.engine": set(),
    "nl2sql.model": {"nl2sql.sql"},
    "nl2sql.conversation": {"nl2sql.context", "nl2sql.sql", "nl2sql.assistant"},
    "nl2sql.memory": {"nl2sql.context", "nl2sql.sql", "nl2sql.engine"},
    "nl2sql.choice": set(),
    "nl2sql.assistant": {*STAGES, *ORDER, "nl2sql.data.sales"},
    "nl2sql": {"nl2sql.assistant", "nl2sql.engine"},
    "nl2sql.data": PUBLIC,
    "nl2sql.data.sales": set(),
    "nl2sql.data.sources.wordnet": {"nl2sql.context"},
    "nl2sql.data.synthesis": {*PUBLIC, "nl2sql.sql"},
    "nl2sql.eval": {*PUBLIC, "nl2sql.choice", "nl2sql.sql", "nl2sql.context", "nl2sql.model", "nl2sql.data.sources"},
    "nl2sql.ui": {*PUBLIC, "nl2sql.show"},
    "nl2sql.show": {"nl2sql.memory"},
    "nl2sql.cli": EVERYTHING,
    "nl2sql.model.similar": {"nl2sql.model", "nl2sql.context"},
    "nl2sql.model.train": EVERYTHING,
    "nl2sql.model.train_data": EVERYTHING,
    "nl2sql.model.train_synthetic": EVERYTHING,
    "nl2sql.model.transplant": EVERYTHING,
    "nl2sql.model.lessons": {"nl2sql.model", "nl2sql.context"},
    "nl2sql.model.renaming": {"nl2sql.model", "nl2sql.context", "nl2sql.data.synthesis"},
    "nl2sql.model.rewording": EVERYTHING,
    "nl2sql.model.train_causal": EVERYTHING,
    "nl2sql.model.train_verifier": EVERYTHING,
    "nl2sql.model.train_retriever": EVERYTHING,
    "nl2sql.model.retriever_data": EVERYTHING,
    "nl2sql.model.verifier_data": EVERYTHING,
}
# Level 0 and the sample database's script do without the rest of level 0 but for this.
IMPORT_ONLY: dict[str, set[str]] = {
    "nl2sql.records": set(),
    "nl2sql.errors": {"nl2sql.records"},
    "nl2sql.names": {"nl2sql.records"},
    "nl2sql.folders": set(),
    "nl2sql.options": {"nl2sql.errors"},
    "nl2sql.data.sales": set(),
}

HEAVY_ROOMS: dict[str, set[str]] = {
    "duckdb": {"nl2sql.engine", "nl2sql.data.sales", "nl2sql.eval"},
    "gradio": {"nl2sql.ui"},
    "sentence_transformers": {"nl2sql.model"},
    "datasets": {"nl2sql.model"},
    "torch": {"nl2sql.model", "nl2sql.context.retrieve"},
    "transformers": {"nl2sql.model", "nl2sql.context.retrieve"},
    "peft": {"nl2sql.model", "nl2sql.context.retrieve"},
}
TOP_LEVEL = {
    "pyproject.toml", "README.md", "LICENSE", "SECURITY.md", "Makefile", "requirements.lock",
    "nl2sql", "data", "eval", "tests", "ui",
}  # fmt: skip


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "nl2sql" else ("nl2sql", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def room_of(module: str) -> str:
    """The longest prefix that has rules; ``nl2sql`` itself is the package's ``__init__`` alone."""
    rooms = [room for room in MAY_IMPORT if module == room or (room != "nl2sql" and within(module, room))]
    assert rooms, f"{module} stands in no room of tests/test_architecture.py"
    return max(rooms, key=len)


MODULES = {module_name(path) for path in SOURCES}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, however late, with the line. ``from a import b`` is ``a.b`` where that is a module."""
    package = module_name(path).split(".")
    package = package if path.name == "__init__.py" else package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{source}.{alias.name}"
                yield (full if full in MODULES else source), node.lineno


def may_import(module: str, imported: str) -> bool:
    room = room_of(module)
    allowed = {room, *(IMPORT_ONLY[room] if room in IMPORT_ONLY else MAY_IMPORT[room] | LEVEL_0)}
    # The package's own name stands for its public names, not for all that is below it.
    return any(imported == name or (name != "nl2sql" and within(imported, name)) for name in allowed)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_levels_of_the_house(path: Path) -> None:
    own = [(name, line) for name, line in imports(path) if within(name, "nl2sql")]
    wrong = [f"line {line}: {name}" for name, line in own if not may_import(module_name(path), name)]
    assert not wrong, f"{path.relative_to(ROOT)} may not import {', '.join(wrong)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    module = module_name(path)
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(path)
        for library, rooms in HEAVY_ROOMS.items()
        if within(name, library) and not any(within(module, room) for room in rooms)
    ]
    assert not wrong, f"{path.relative_to(ROOT)} is no room for {', '.join(wrong)}"


def test_importing_the_public_names_loads_no_heavy_library() -> None:
    heavy = ("torch", "transformers", "peft", "duckdb", "gradio", "sentence_transformers", "sqlglot", "numpy", "pandas")
    code = f"import sys; from nl2sql import Assistant, Database; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_top_level_holds_what_the_design_names_and_nothing_else() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    top = {name.split("/")[0] for name in listed}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_320_lines(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 320


def test_every_package_is_listed_for_the_wheel() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(module_name(path) for path in SOURCES if path.name == "__init__.py")


def test_nothing_that_was_generated_is_executed() -> None:
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"exec", "eval"}
    ]
    assert not calls
