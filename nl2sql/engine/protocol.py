"""How rows and messages cross the pipe between the library and its child processes: framed JSON, which can't run code.

A frame is 8 bytes of length (big endian) and that many bytes of UTF-8 JSON. What JSON lacks (dates, decimals, bytes,
nested values) is written in the tagged form ``[tag, text]``, or without the tag where a whole column has one type.
"""
from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

LARGEST_REPLY = 256 * 2**20  # bytes of one reply; the caller needs about ten times that to hold it as Python objects
_PLAIN = {bool, int, float, str, type(None)}

_ENCODE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    dt.date: ("date", dt.date.isoformat),
    dt.datetime: ("datetime", dt.datetime.isoformat),
    dt.time: ("time", dt.time.isoformat),
    dt.timedelta: ("timedelta", lambda value: [value.days, value.seconds, value.microseconds]),
    Decimal: ("decimal", str),
    uuid.UUID: ("uuid", str),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode("ascii")),
}
_DECODE: dict[str, Callable[[Any], Any]] = {
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda parts: dt.timedelta(*parts),
    "decimal": Decimal,
    "uuid": uuid.UUID,
    "bytes": base64.b64decode,
}


class TooLarge(Exception):
    """A reply is larger than a pipe should carry."""


def write_frame(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Sends one message; raises TooLarge (nothing is sent then) and OSError where the other side is gone."""
    payload = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(payload) > LARGEST_REPLY:
        raise TooLarge(f"the rows take {len(payload) >> 20} MB, more than the {LARGEST_REPLY >> 20} MB that are handed over")
    stream.write(len(payload).to_bytes(8, "big"))
    stream.write(payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message, or None where the other side is gone."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    length = int.from_bytes(head, "big")
    payload = stream.read(length)
    if len(payload) < length:
        return None
    message: dict[str, Any] = json.loads(payload.decode("utf-8", "surrogatepass"))
    return message


def encode_cell(value: Any) -> Any:
    """A cell as JSON; lists, structs and maps with everything that is in them."""
    if type(value) in _PLAIN:
        return value
    if type(value) in _ENCODE:
        tag, encode = _ENCODE[type(value)]
        return [tag, encode(value)]
    if isinstance(value, dict):
        return ["map", [[encode_cell(key), encode_cell(item)] for key, item in value.items()]]
    if isinstance(value, Iterable):
        return ["list", [encode_cell(item) for item in value]]
    return str(value)


def decode_cell(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    tag, payload = cell
    if tag == "list":
        return [decode_cell(item) for item in payload]
    if tag == "map":
        return {_key(decode_cell(key)): decode_cell(item) for key, item in payload}
    return _DECODE[tag](payload)


def encode_rows(rows: Sequence[tuple[Any, ...]], width: int) -> dict[str, Any]:
    """Rows as columns: ``cells`` and, per column, the ``codec`` that reads them ("" for plain JSON, "any" for tagged cells)."""
    codecs, columns = [], []
    for cells in zip(*rows, strict=True) if rows else ((),) * width:
        codec, column = _encode_column(cells)
        codecs.append(codec)
        columns.append(column)
    return {"codecs": codecs, "cells": columns}


def decode_rows(message: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
    columns = (_decode_column(codec, cells) for codec, cells in zip(message["codecs"], message["cells"], strict=True))
    return tuple(zip(*columns, strict=True))


def _encode_column(cells: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    kinds = set(map(type, cells)) - {type(None)}
    if kinds <= _PLAIN:
        return "", cells
    if len(kinds) == 1 and (kind := kinds.pop()) in _ENCODE:
        tag, encode = _ENCODE[kind]
        return tag, [None if cell is None else encode(cell) for cell in cells]
    return "any", [encode_cell(cell) for cell in cells]


def _decode_column(codec: str, cells: list[Any]) -> list[Any]:
    if not codec:
        return cells
    decode = decode_cell if codec == "any" else _DECODE[codec]
    return [None if cell is None else decode(cell) for cell in cells]


def _key(value: Any) -> Any:
    """A map's key must be hashable; a list that was one becomes a tuple."""
    return tuple(value) if isinstance(value, list) else value
