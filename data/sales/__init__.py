"""The sample database ``sales``: seven years of a made-up retailer, always the same."""
from __future__ import annotations

from .builder import build, path

__all__ = ["build", "path"]
