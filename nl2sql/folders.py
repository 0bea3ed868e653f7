"""Where the library writes: the user's cache (can be deleted at any time) and the user's data (adapters, verified questions).

``NL2SQL_CACHE`` and ``NL2SQL_DATA`` name other folders. Neither function makes its folder; both may be read-only.
"""
from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path:
    if chosen := os.environ.get("NL2SQL_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("nl2sql", appauthor=False)


def data() -> Path:
    if chosen := os.environ.get("NL2SQL_DATA"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("nl2sql", appauthor=False)
