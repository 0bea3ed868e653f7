"""What all command lines share: a parser whose errors are ``BadInput``, and how a date is read."""
from __future__ import annotations

import argparse
import datetime as dt
from typing import NoReturn

from nl2sql.errors import BadInput


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, with a ``hint`` before where help is; raises ``BadInput``."""

    def error(self, message: str, hint: str = "") -> NoReturn:
        raise BadInput(f"{message} ({hint}see {self.prog} --help)")


def day(text: str) -> dt.date:
    """The value of an option: YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2025-12-31") from error
