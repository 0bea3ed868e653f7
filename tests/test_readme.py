"""The README tells the truth about the tree and about the commands."""
from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from nl2sql import cli
from nl2sql.eval import run
from nl2sql.model import train

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.S | re.M)  # (language, text)
TREE = next(text for language, text in BLOCKS if not language)


def tree_paths() -> list[str]:
    """The tree's names as paths: an indented line belongs to the last folder that was not indented."""
    paths, folder = [], ""
    for line in TREE.splitlines():
        name = line.split()[0]
        if line[0] != " ":
            folder = name
            paths.append(name)
        else:
            paths.append(folder + name)
    return paths


def shell_lines() -> list[str]:
    inline = re.findall(r"`((?:make|nl2sql) [^`\n]+)`", README)
    return [line for language, text in BLOCKS if language == "sh" for line in text.splitlines() if line] + inline


@pytest.mark.parametrize("name", tree_paths())
def test_every_name_in_the_readme_tree_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("line", [line for line in shell_lines() if line.startswith("make ")])
def test_every_make_command_of_the_readme_has_its_target(line: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert line.split()[1] in targets


@pytest.mark.parametrize("line", [line for line in shell_lines() if line.startswith("nl2sql ")])
def test_every_nl2sql_command_of_the_readme_is_understood(line: str) -> None:
    command, *words = shlex.split(line)[1:]
    if command == "eval":
        run.parser().parse_args(words)
    elif command == "train":
        with pytest.raises(SystemExit) as stop:
            train.main(words if "--help" in words else [*words, "--help"])
        assert stop.value.code == 0
    else:
        cli.parser().parse_args([command, *words])


def test_the_readme_shows_every_command_and_every_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert targets == {line.split()[1] for line in shell_lines() if line.startswith("make ")}
    commands = next(action.choices for action in cli.parser()._actions if action.choices)
    assert set(commands) == {line.split()[1] for line in shell_lines() if line.startswith("nl2sql ")}
