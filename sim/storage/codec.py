"""Objects as bytes and back. Reading is harmless: a file can hold objects of registered kinds only.

It writes plain values, lists, tuples, sets, mappings, dates, fractions, bytes, arrays, tables,
and dataclasses by the position of their fields. Floats come back bit by bit, infinite ones too.
The same object gives the same bytes.
"""

from __future__ import annotations

import base64
import collections.abc
import datetime as dt
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from sim.translation import tr

LEVEL: Final = 6
"""Level of compression; it is fixed, since another level gives other bytes."""
MOST_BYTES: Final = 2**30
"""Default limit of the unpacked size."""
MOST_TIMES: Final = 100
"""Largest ratio of the unpacked size to the packed one, beyond 64 MB: results reach about 20; a
file that was made to fill the memory, 1000."""
BYTES_PER_PART: Final = 32
"""Least mean length of the parts of a large text: each takes far more memory than its text."""
ARRAYS: Final = re.compile(r"[<>|][biuf][1248]|[<>]U\d{1,4}")
"""Types of arrays that can be read: numbers, truth values and short texts."""
COLUMNS: Final = ("bool", "int64", "float64", "object", "str")
"""Types of a table's columns."""


class TooLargeError(ValueError):
    """A file unpacks into more bytes than the limit."""


@dataclass(frozen=True)
class Kind:
    """How objects of one class are taken apart and put together again from the parts."""

    name: str
    of: type
    take_apart: Callable[[Any], Iterable[Any]]
    put_together: Callable[..., Any]


def kind_of(dataclass_: type) -> Kind:
    """Return the kind of a dataclass: its fields, in their order.

    Its `put_together` raises `TypeError` if a part is not of the type in the field's annotation.
    """
    names = [field.name for field in fields(dataclass_)]

    def put_together(*parts: Any) -> Any:
        for name, part in zip(names, parts, strict=True):
            if not conforms(part, hints_of(dataclass_)[name]):
                raise TypeError(
                    tr("not what {kind}.{name} holds", kind=dataclass_.__name__, name=name)
                )
        return dataclass_(*parts)

    return Kind(
        dataclass_.__name__,
        dataclass_,
        lambda value: (getattr(value, name) for name in names),
        put_together,
    )


def dataclasses_in(root: type) -> tuple[type, ...]:
    """Return a dataclass and all dataclasses that its fields, and theirs, may hold."""
    found: dict[type, None] = {}

    def visit(hint: Any) -> None:
        if is_dataclass(hint) and isinstance(hint, type) and hint not in found:
            found[hint] = None
            for inner in hints_of(hint).values():
                visit(inner)
        for part in get_args(hint):
            visit(part)

    visit(root)
    return tuple(found)


class Codec:
    """Writes and reads objects of the given kinds; two of one name raise `ValueError`."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.by_type = {kind.of: kind for kind in kinds}
        self.by_name = {kind.name: kind for kind in self.by_type.values()}
        if len(self.by_name) < len(self.by_type):
            names = Counter(kind.name for kind in self.by_type.values())
            raise ValueError(tr("two kinds of one name: {names}", names=names.most_common(1)[0][0]))

    def text(self, value: object) -> str:
        """Return two lines of JSON: the object's byte strings, then the object.

        Raises `TypeError` if it holds an object of another kind.
        """
        writer = _Writer(self.by_type)
        plain = _json(writer.plain(value))
        return f"{_json(writer.blobs)}\n{plain}"

    def read(self, text: str) -> Any:
        """Read what `text` returned; any exception may mean that it is damaged."""
        blobs, _, plain = text.partition("\n")
        reader = _Reader(self.by_name, json.loads(blobs))
        return json.loads(plain, object_hook=reader.object)


def compressed(text: str) -> bytes:
    """Return the compressed text; the same text gives the same bytes."""
    return zlib.compress(text.encode(), LEVEL)


def decompressed(packed: bytes, most_bytes: int = MOST_BYTES) -> str:
    """Return the text.

    Raises `TooLargeError` if it is longer than `most_bytes`, or so much longer than the packed
    text, or in so many parts, as no result is, without unpacking the rest; `ValueError` or
    `zlib.error` if it is damaged or ends too early.
    """
    most_bytes = min(most_bytes, max(2**26, MOST_TIMES * len(packed)))
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(packed, most_bytes + 1)
    if len(unpacked) > most_bytes:
        raise TooLargeError(
            tr("unpacks into more than {most_bytes:,} bytes", most_bytes=most_bytes)
        )
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError(tr("ends too early") if not unpacking.eof else tr("goes on after its end"))
    parts = sum(unpacked.count(sign) for sign in (b"[", b"{", b","))
    if parts > max(2**26, len(unpacked)) // BYTES_PER_PART:
        raise TooLargeError(tr("holds {parts:,} parts, more than any result", parts=parts))
    return unpacked.decode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Writer:
    def __init__(self, kinds: Mapping[type, Kind]) -> None:
        self.kinds = kinds
        self.blobs: dict[str, str] = {}
        """Hash → bytes; those that several objects hold, such as a data file, are written once."""

    def plain(self, value: Any) -> Any:  # noqa: PLR0911 - one way out for each kind
        if value is None or type(value) in {bool, int, float, str}:
            return value
        if isinstance(value, np.generic):
            return self.plain(value.item())
        if (kind := self.kinds.get(type(value))) is not None:
            return {"kind": kind.name, "parts": self._each(kind.take_apart(value))}
        if isinstance(value, np.ndarray):
            raw = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
            return {"array": raw, "type": value.dtype.str, "shape": value.shape}
        if isinstance(value, list):
            return self._each(value)
        if isinstance(value, tuple):
            return {"tuple": self._each(value)}
        if isinstance(value, frozenset):
            return {"set": sorted(self._each(value), key=_json)}
        if isinstance(value, Mapping):
            return {"pairs": [self._each(pair) for pair in value.items()]}
        return self._rarer(value)

    def _rarer(self, value: Any) -> Any:
        match value:
            case dt.datetime():
                return {"datetime": value.isoformat()}
            case dt.date():
                return {"date": value.isoformat()}
            case Fraction():  # in hexadecimal, where nothing bounds the number of digits
                return {"fraction": [hex(value.numerator), hex(value.denominator)]}
            case bytes():
                digest = hashlib.sha256(value).hexdigest()
                self.blobs[digest] = base64.b64encode(value).decode()
                return {"bytes": digest}
        import pandas as pd

        if isinstance(value, pd.DataFrame):
            return {"frame": [self._column(value.iloc[:, n]) for n in range(value.shape[1])]}
        raise TypeError(tr("cannot be written: {kind}", kind=type(value).__name__))

    def _column(self, column: Any) -> list[Any]:
        kind = str(column.dtype)
        if kind not in COLUMNS:
            raise TypeError(tr("cannot be written: a column of {kind}", kind=kind))
        return [column.name, kind, self._each(column.tolist())]

    def _each(self, values: Iterable[Any]) -> list[Any]:
        return [self.plain(value) for value in values]


class _Reader:
    def __init__(self, kinds: Mapping[str, Kind], blobs: Mapping[str, str]) -> None:
        self.kinds = kinds
        self.blobs = blobs

    def object(self, read: dict[str, Any]) -> Any:  # noqa: PLR0911 - one way out for each kind
        match read:
            case {"array": raw, "type": kind, "shape": shape}:
                if not ARRAYS.fullmatch(kind):
                    raise ValueError(tr("not a type of arrays"))
                return np.frombuffer(base64.b64decode(raw), kind).reshape(shape).copy()
            case {"kind": name, "parts": parts}:
                return self.kinds[name].put_together(*parts)
            case {"pairs": pairs}:
                return dict(pairs)
            case {"tuple": parts}:
                return tuple(parts)
            case {"set": parts}:
                return frozenset(parts)
            case {"date": text}:
                return dt.date.fromisoformat(text)
            case {"datetime": text}:
                return dt.datetime.fromisoformat(text)
            case {"fraction": [over, under]}:
                return Fraction(int(over, 16), int(under, 16))
            case {"bytes": digest}:
                return base64.b64decode(self.blobs[digest])
            case {"frame": columns}:
                return _frame(columns)
        raise ValueError(tr("not an object"))


def _frame(columns: list[list[Any]]) -> Any:
    import pandas as pd

    if any(kind not in COLUMNS for _, kind, _ in columns):
        raise ValueError(tr("not a type of columns"))
    table = pd.DataFrame({n: pd.Series(v, dtype=k) for n, (_, k, v) in enumerate(columns)})
    table.columns = pd.Index([name for name, _, _ in columns])
    return table


@cache
def hints_of(dataclass_: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields, by name."""
    import pandas as pd

    return get_type_hints(dataclass_, localns={"pd": pd})


def conforms(value: Any, hint: Any) -> bool:
    """Tell whether a value and its contents are of a type; fields of objects are not checked."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if hint in {int, float}:
        number = int if hint is int else int | float
        return isinstance(value, number) and not isinstance(value, bool)
    if origin in {Union, UnionType}:
        return any(conforms(value, part) for part in parts)
    if origin is Literal:
        return any(type(value) is type(part) and value == part for part in parts)
    if origin is np.ndarray:
        (kind,) = get_args(parts[1])
        return isinstance(value, np.ndarray) and issubclass(value.dtype.type, kind)
    return isinstance(value, origin or hint) and _contents_conform(value, origin, parts)


def _contents_conform(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    if origin is tuple and parts[-1:] != (Ellipsis,):
        return len(value) == len(parts) and all(map(conforms, value, parts))
    if isinstance(value, collections.abc.Mapping):
        return not parts or all(
            conforms(key, parts[0]) and conforms(item, parts[1]) for key, item in value.items()
        )
    if isinstance(value, tuple | list | frozenset):
        return not parts or all(conforms(item, parts[0]) for item in value)
    return True
