"""Files are written whole or not at all, and with the rights that any new file gets."""
from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from nl2sql import folders

posix = pytest.mark.skipif(os.name != "posix", reason="rights, links and pipes are others elsewhere")


def write(file: Path, content: str) -> None:
    with folders.replacing(file) as new:
        new.write_text(content)


@posix
@pytest.mark.parametrize("umask, mode", [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_who_may_read_a_new_file_is_what_the_user_set(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write(tmp_path / "file", "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_where_writing_fails_the_old_file_stays_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    write(tmp_path / "file", "old")
    with pytest.raises(error), folders.replacing(tmp_path / "file") as new:
        new.write_text("half")
        raise error
    assert [path.name for path in tmp_path.iterdir()] == ["file"] and (tmp_path / "file").read_text() == "old"


def test_until_the_new_file_is_whole_the_old_one_is_there(tmp_path: Path) -> None:
    write(tmp_path / "file", "old")
    with folders.replacing(tmp_path / "file") as new:
        new.write_text("new")
        assert (tmp_path / "file").read_text() == "old"
    assert (tmp_path / "file").read_text() == "new"


@posix
def test_a_link_stays_one_and_what_it_points_at_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "file")
    for content in ("one", "two"):
        write(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink() and (tmp_path / "folder" / "file").read_text() == content


@posix
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()), daemon=True)
    reader.start()
    write(tmp_path / "pipe", "content")
    reader.join(20)
    assert read == ["content"] and (tmp_path / "pipe").is_fifo()
