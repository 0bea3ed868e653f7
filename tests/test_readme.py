"""The README tells the truth about the tree and about the commands."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from nl2sql.cli import parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TREE = next(block for block in re.findall(r"```\n(.*?)```", README, re.S) if block.startswith("nl2sql/"))


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
    blocks = re.findall(r"```sh\n(.*?)```", README, re.S)
    inline = re.findall(r"`((?:make|nl2sql) [^`]+)`", README)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()] + inline


@pytest.mark.parametrize("name", tree_paths())
def test_every_name_in_the_readme_tree_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("line", [line for line in shell_lines() if line.startswith("make ")])
def test_every_make_command_of_the_readme_has_its_target(line: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert line.split()[1] in targets


@pytest.mark.parametrize("line", [line for line in shell_lines() if line.startswith("nl2sql ")])
def test_every_nl2sql_command_of_the_readme_is_understood(line: str) -> None:
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)][1:]
    if words == ["train", "adapter"]:
        words.append("--help")
    try:
        parser().parse_args(words)
    except SystemExit as stop:
        assert stop.code == 0, line


