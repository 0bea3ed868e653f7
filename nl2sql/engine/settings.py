"""Every setting that a DuckDB connection is locked with, each with its reason, in the order in which they are set."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Limits:
    """What one worker process may use. ``temp_folder`` None: nothing is spilled to disk."""

    memory: int = 2**30  # bytes for the engine's own buffers
    threads: int = 2
    temp_folder: str | None = None
    temp_space: int = 2**30  # bytes

    @property
    def address_space(self) -> int:
        """Bytes for the whole process. Scalar functions ignore DuckDB's memory limit; this they can't.

        Interpreter, libraries and stacks take 0.3 GB of addresses, and the allocator keeps about as much again as buffers use.
        """
        return 2 * self.memory + 2**30

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Setting(NamedTuple):
    name: str
    value: str
    reason: str


# These can only be given when the file is opened.
START_UP = (
    Setting("autoinstall_known_extensions", "false", "a query must not fetch code from the network"),
    Setting("autoload_known_extensions", "false", "nor load code that lies on the disk"),
    Setting("allow_community_extensions", "false", "nor extensions of strangers"),
    Setting("allow_unsigned_extensions", "false", "nor unsigned ones"),
    Setting("allow_extension_repositories", "forbidden", "nor those of anybody's own collection"),
    Setting("allow_persistent_secrets", "false", "stored cloud credentials are none of a query's business"),
    Setting("allow_unredacted_secrets", "false", "and are never printed"),
)


def settings(limits: Limits, readable: Sequence[str] = ()) -> tuple[Setting, ...]:
    """The settings of an open connection. Order matters: paths before external access is off, the lock last.

    ``readable``: files that may be read all the same; only an import has any.
    """
    spill = limits.temp_folder is not None
    paths = "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in readable) + "]"
    return (
        Setting("python_enable_replacements", "false", "a table name must never reach a Python variable of this process"),
        Setting("python_scan_all_frames", "false", "the same, in the frames below"),
        Setting("memory_limit", f"{limits.memory}B", "sorts and joins stop here, or go on in the temporary folder"),
        Setting("threads", str(limits.threads), "one query must not take the whole machine"),
        Setting("temp_directory", limits.temp_folder or "", "by default it would lie beside the user's file"),
        Setting("max_temp_directory_size", f"{limits.temp_space if spill else 0}B", "one query must not fill the disk"),
        Setting("max_expression_depth", "250", "deeply nested expressions overflow the stack"),
        Setting("enable_progress_bar", "false", "nothing is printed into the pipe"),
        Setting("enable_logging", "false", "queries are not logged"),
        Setting("TimeZone", "UTC", "results don't depend on the machine's place"),
        Setting("allowed_paths", paths, "none, but the files of an import"),
        Setting("enable_external_access", "false", "no files, no network, no ATTACH, COPY, readers or extensions"),
        Setting("lock_configuration", "true", "last: from here on no query changes any of this"),
    )
