"""Files of records: strict JSON, whole or one record a line, with a place for every mistake."""

import codecs
import json
import re

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any

from attrs import field, frozen

from .errors import IncentivesError, RecordError

#: No honest record is nested deeper, or has a number of more digits.
MAX_NESTING = 100
MAX_DIGITS = 640

#: Names and positions on the way from the top of a document to a value.
Path = tuple[str | int, ...]


class UnreadableError(IncentivesError):
    """
    A file, or a line of it, that holds no records; the supplier must act.

    ``mistakes`` holds a line for each, with file, line and column.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(self.mistakes)


@frozen
class Document:
    """A text of JSON, the file it comes from and the line where it begins there."""

    file: str
    text: str = field(repr=False)
    line: int = 1

    def place(self, offset: int) -> str:
        """`firm.json:3:5`: lines and columns count from 1, columns in characters."""
        before = self.text[:offset]
        line = self.line + before.count("\n")
        column = offset - before.rfind("\n")
        return f"{self.file}:{line}:{column}"

    def refused(self, offset: int, message: str) -> UnreadableError:
        """The error that says what is wrong at an offset."""
        return UnreadableError([f"{self.place(offset)}: {_printable(message)}"])


@frozen(slots=False, eq=False)
class Entry:
    """One record as it was read, not yet understood, and where it stands."""

    raw: dict[str, Any]
    document: Document
    path: Path = ()

    def mistakes(self, error: RecordError) -> tuple[str, ...]:
        """Every mistake of the record with file, line and column before it."""
        return tuple(
            f"{self._place(mistake.path)}: {_printable(str(mistake))}"
            for mistake in error.mistakes
        )

    def _place(self, said: str) -> str:
        """Where a path such as `listings[0].year` stands, or what it would be in."""
        holders = [
            path
            for path in self._offsets
            if said == path or not path or said.startswith((f"{path}.", f"{path}["))
        ]
        return self.document.place(self._offsets[max(holders, key=len)])

    @cached_property
    def _offsets(self) -> dict[str, int]:
        """Where every name and every element of the record begins."""
        depth = len(self.path)
        offsets: dict[str, int] = {}
        for spot in _spots(self.document.text):
            if spot.path[:depth] == self.path:
                offsets.setdefault(_said(spot.path[depth:]), spot.offset)
        return offsets


def _said(path: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def entries(data: bytes, file: str) -> list[Entry]:
    """
    The records of a JSON document: one record, or a list of them.

    Raises :class:`UnreadableError`.
    """
    document = Document(file, _decoded(data, file, 1))
    raw = _parsed(document)
    if isinstance(raw, dict):
        return [Entry(raw, document)]
    if not isinstance(raw, list):
        raise document.refused(
            _first(document.text),
            f"expected a record or a list of records, got {_kind(raw)}",
        )
    strangers = {
        index: f"expected a record, got {_kind(element)}"
        for index, element in enumerate(raw)
        if not isinstance(element, dict)
    }
    if strangers:
        offsets = {
            s.path[0]: s.offset for s in _spots(document.text) if len(s.path) == 1
        }
        raise UnreadableError(
            [f"{document.place(offsets[i])}: {said}" for i, said in strangers.items()]
        )
    return [Entry(element, document, (index,)) for index, element in enumerate(raw)]


def entries_by_line(
    lines: Iterable[bytes], file: str
) -> Iterator[Entry | UnreadableError]:
    """
    The record of every line that is not blank, or what is wrong with the line.

    Only one line is held at a time, so the input may be of any length. A document that
    runs over several lines is refused once, not line by line.
    """
    numbered = enumerate(lines, start=1)
    first = next((pair for pair in numbered if pair[1].strip()), None)
    if first is None:
        return
    second = next(numbered, None) if first[1].rstrip().endswith(_GOES_ON) else None
    if second is not None and not _is_separate(first[1], second[1]):
        yield UnreadableError([f"{file}:{first[0]}:1: {_NOT_BY_LINE}"])
        return
    for number, line in chain([first, *([second] if second else [])], numbered):
        try:
            text = _decoded(line.rstrip(b"\r\n"), file, number)
            if text.strip():
                yield _entry(Document(file, text, number))
        except UnreadableError as error:
            yield error


#: How a line ends inside a document that was written to be read by people.
_GOES_ON = (b"{", b"[", b",")
_NOT_BY_LINE = (
    "one JSON document over several lines, not one record a line, "
    "leave out --jsonl and name the file .json"
)


def _is_separate(first: bytes, second: bytes) -> bool:
    """Whether a line is broken, and the next one begins a record of its own."""
    return second.startswith(b"{") and not first.lstrip().startswith(b"[")


def _entry(document: Document) -> Entry:
    raw = _parsed(document)
    if not isinstance(raw, dict):
        raise document.refused(
            _first(document.text), f"expected a record, got {_kind(raw)}"
        )
    return Entry(raw, document)


def _decoded(data: bytes, file: str, line: int) -> str:
    plain = data.removeprefix(codecs.BOM_UTF8) if line == 1 else data
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        good = Document(file, plain[: error.start].decode("utf-8"), line)
        raise good.refused(
            len(good.text),
            f"byte 0x{plain[error.start]:02x} is not UTF-8, save the file as UTF-8",
        ) from None


def _first(text: str) -> int:
    """Where the text begins after blanks."""
    return len(text) - len(text.lstrip())


def _kind(raw: object) -> str:
    match raw:
        case None:
            return "null"
        case bool():
            return "true" if raw else "false"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "a number"


def _printable(text: str) -> str:
    """The text with everything escaped that a terminal would not simply show."""
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii")
        for mark in text
    )


# --- strict JSON ---------------------------------------------------------------


class _RefusedError(Exception):
    """JSON that Python would read and that says nothing clear; `_refusal` says why."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RefusedError
    return found


def _integer(digits: str) -> int:
    if _is_too_large(digits):
        raise _RefusedError
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if _is_too_large(digits):
        raise _RefusedError
    return Decimal(digits)


def _constant(name: str) -> None:
    raise _RefusedError


_LONG_EXPONENT = re.compile(r"[eE][+-]?\d{4,}", re.ASCII)


def _is_too_large(number: str) -> bool:
    return len(number) > MAX_DIGITS or _LONG_EXPONENT.search(number) is not None


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_float=_decimal,
    parse_int=_integer,
)


def _parsed(document: Document) -> Any:
    text = document.text
    _refuse_deep(document)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise document.refused(error.pos, _not_json(error)) from None
    except _RefusedError:
        raise document.refused(*_refusal(text)) from None


def _not_json(error: json.JSONDecodeError) -> str:
    if not error.doc.strip():
        return "nothing but blanks, expected a record"
    wrong = error.msg.removesuffix(" at").removesuffix(" starting")
    said = f"not JSON: {wrong[0].lower()}{wrong[1:]}"
    if error.msg == "Extra data":
        return f"{said}, did you mean JSON Lines (.jsonl, or --jsonl)?"
    hint = _INSTEAD.get(error.doc[error.pos : error.pos + 1])
    return said if hint is None else f"{said}, write {hint}"


#: What people write where JSON has another sign.
_INSTEAD = {
    "'": 'texts in double quotes: "…"',
    "“": 'half-width double quotes: "…"',
    "”": 'half-width double quotes: "…"',
    "，": "a half-width ','",
    "：": "a half-width ':'",
    "T": "true",
    "F": "false",
    "N": "null",
}


def _refuse_deep(document: Document) -> None:
    """Python's own limit depends on its version, and on who calls."""
    text = document.text
    if text.count("[") + text.count("{") <= MAX_NESTING:
        return
    depth = 0
    for found in _TOKEN.finditer(text):
        depth += (found[0] in ("[", "{")) - (found[0] in ("]", "}"))
        if depth > MAX_NESTING:
            raise document.refused(found.start(), f"nested deeper than {MAX_NESTING}")


def _refusal(text: str) -> tuple[int, str]:
    """Offset and message of the first thing that the decoder was told to refuse."""
    seen: set[Path] = set()
    return next(
        (spot.offset, wrong)
        for spot in _spots(text)
        if (wrong := _wrong_with(spot, seen)) is not None
    )


def _wrong_with(spot: "_Spot", seen: set[Path]) -> str | None:
    """Why a name or a value is refused; ``seen`` are the paths up to here."""
    if spot.is_name and spot.path in seen:
        return f"duplicate name {spot.path[-1]!r}, keep one of them"
    if spot.written in ("NaN", "Infinity", "-Infinity"):
        return f"{spot.written} is no number, write null if it is unknown"
    if spot.written[0] in "-0123456789" and _is_too_large(spot.written):
        return "a number out of range"
    seen.add(spot.path)
    return None


# --- places --------------------------------------------------------------------


@frozen
class _Spot:
    """A name or a value in a text of JSON; the name comes first, with the same path."""

    path: Path
    offset: int
    written: str
    is_name: bool = False


_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"? | [{}\[\],:] | [^\s{}\[\],:"]+',
    re.VERBOSE | re.DOTALL,
)


def _spots(text: str) -> Iterator[_Spot]:
    """All names and values of a text that is JSON as far as it is asked for."""
    path: list[str | int | None] = []  # None where an object waits for a name
    for found in _TOKEN.finditer(text):
        written = found[0]
        if written in ("}", "]"):
            path.pop()
        elif written == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif path and path[-1] is None:
            path[-1] = json.loads(written)
            yield _Spot(_complete(path), found.start(), written, is_name=True)
        elif written != ":":
            yield _Spot(_complete(path), found.start(), written)
            if written in ("{", "["):
                path.append(None if written == "{" else 0)


def _complete(path: list[str | int | None]) -> Path:
    return tuple(step for step in path if step is not None)
