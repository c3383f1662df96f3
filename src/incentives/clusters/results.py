"""What results look like, whatever engine runs, and what is wrong in few words."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from ..errors import Mistake, UsageError
from ..readers import shown

_YUAN = pa.decimal128(38, 2)
_SAID = (
    ("outcome", pa.string()),
    ("amount", _YUAN),
    ("reason", pa.string()),
    ("low", _YUAN),
    ("high", _YUAN),
    ("missing", pa.list_(pa.string())),
)
_RULE = (("id", pa.string()), ("rule", pa.string()))

#: The columns of every table of results, with their types.
SCHEMAS: Mapping[str, Any] = {
    "totals": pa.schema(
        [("id", pa.string()), ("total", _YUAN), ("low", _YUAN), ("high", _YUAN)]
    ),
    "determinations": pa.schema([*_RULE, *_SAID]),
    "items": pa.schema([*_RULE, ("record", pa.string()), *_SAID]),
    "rejected": pa.schema(
        [
            ("id", pa.string()),
            ("path", pa.string()),
            ("message", pa.string()),
            ("suggestion", pa.string()),
        ]
    ),
}
#: Mistakes that one part of a registry is refused with, and ids that a message names.
_MOST, NAMED = 20, 5


def table_of(rows: Iterable[tuple[Any, ...]], shape: str) -> Any:
    """Rows as an Arrow table of results."""
    schema = SCHEMAS[shape]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(columns or [[] for _ in schema], schema=schema)


def refuse(ids: Iterable[object], why: str) -> None:
    """Raise :class:`UsageError` where there are ids, with some of them."""
    found = sorted(shown(each) for each in ids)
    if found:
        more = ", and more" if len(found) > NAMED else ""
        raise UsageError(f"{why}: {', '.join(found[:NAMED])}{more}")


def first(mistakes: list[Mistake]) -> list[Mistake]:
    """The first mistakes of many; the last of them says how many there are."""
    if len(mistakes) <= _MOST:
        return mistakes
    last, more = mistakes[_MOST - 1], len(mistakes) - _MOST
    message = f"{last.message} (and {more} more mistakes)"
    return [*mistakes[: _MOST - 1], Mistake(last.path, message, last.suggestion)]
