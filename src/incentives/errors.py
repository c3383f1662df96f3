"""What can be wrong, where, and what to do: places, diagnostics and every exception."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from attrs import frozen

from .layout import visible, width


class IncentivesError(Exception):
    """Base of every error that this library raises on purpose."""


@frozen
class Place:
    """A stretch of one line of a pack file; lines and columns count from 1."""

    file: str
    line: int
    column: int
    end: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Placed(dict[str, Any]):
    """
    A record read from a pack file; ``places`` says where each of its names stands.

    Paths are those of mistakes, such as `listings[0].year`.
    """

    def __init__(self, record: Mapping[str, Any], places: Mapping[str, Place]) -> None:
        super().__init__(record)
        self.places = places

    def place(self, path: str) -> Place | None:
        """Where a path stands, or else what it is in."""
        holders = [
            held
            for held in self.places
            if path == held or path.startswith((f"{held}.", f"{held}["))
        ]
        return self.places[max(holders, key=len)] if holders else None


class Severity(Enum):
    """Errors refuse a pack; warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Diagnostic:
    """
    One thing wrong with a rule pack, as data.

    ``also`` holds further places, each with its own short note, when two things
    conflict.
    """

    code: str
    message: str
    place: Place
    help: str | None = None
    severity: Severity = Severity.ERROR
    also: tuple[tuple[str, Place], ...] = ()

    def __str__(self) -> str:
        head = f"{self.place}: {self.severity.value}[{self.code}]: {self.message}"
        lines = [head, *_underlined(self.place)]
        for note, place in self.also:
            lines += [f"{place}: note: {note}", *_underlined(place)]
        if self.help is not None:
            lines.append(f"  = help: {self.help}")
        return "\n".join(lines)


#: A longer line is shown from shortly before the place only.
_MOST_SHOWN = 160
_SHOWN_BEFORE = 60


def _underlined(place: Place) -> list[str]:
    """The source line with carets under the place, full-width characters counted."""
    if not place.text.strip():
        return []
    start, end = place.column - 1, place.end - 1
    first = max(0, start - _SHOWN_BEFORE) if len(place.text) > _MOST_SHOWN else 0
    line = visible(place.text[first : first + _MOST_SHOWN])
    number = str(place.line)
    margin = " " * len(number)
    marked = line[start - first : end - first]
    carets = " " * width(line[: start - first]) + "^" * max(1, width(marked))
    return [f" {number} | {line}", f" {margin} | {carets}"]


class PackError(IncentivesError):
    """
    A rule pack that cannot be used; its author must act.

    ``diagnostics`` holds everything that was found wrong, in the order of the files.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n\n".join(str(diagnostic) for diagnostic in self.diagnostics)


@frozen
class Mistake:
    """One thing wrong with a record: the path in it, what is wrong, what to write."""

    path: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        tail = f", {self.suggestion}" if self.suggestion else ""
        return f"{self.path}: {self.message}{tail}"


class RecordError(IncentivesError):
    """
    A record that cannot be read; the supplier of the facts must act.

    ``mistakes`` holds every mistake of the record.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)


class UsageError(IncentivesError, ValueError):
    """A call that makes no sense: a bad day, an unknown reading; the caller must act."""


class EngineDisagreement(IncentivesError):  # noqa: N818  # the name is contract
    """Two engines do not agree on a rule: it says what each found; nothing is due."""


class UnknownRuleError(UsageError, KeyError):
    """A rule id that the book does not have."""

    __str__ = Exception.__str__


def closest(word: str, known: Iterable[str]) -> str | None:
    """
    >>> closest("pubished", ["published", "publisher", "year"])
    'published'
    >>> closest("colour", ["year"])
    """
    # Nobody mistypes a word into one of another length altogether, and comparing
    # very long words takes very long.
    near = [other for other in known if abs(len(other) - len(word)) <= len(other)]
    from difflib import get_close_matches  # noqa: PLC0415  # only mistakes need it

    return next(iter(get_close_matches(word, near, n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """
    >>> did_you_mean("pubished", ["published", "publisher", "year"])
    "did you mean 'published'?"
    >>> did_you_mean("colour", ["year"])
    """
    close = closest(word, known)
    return None if close is None else f"did you mean {close!r}?"


def one_of(known: Iterable[str]) -> str:
    """
    >>> one_of(["a", "b"]), one_of(["a"])
    ("one of 'a', 'b'", "'a'")
    """
    words = list(known)
    return listed(words) if len(words) == 1 else f"one of {listed(words)}"


def listed(words: Iterable[str]) -> str:
    """
    >>> listed(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(map(repr, words))
