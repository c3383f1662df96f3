"""Registries of a record a line, as JSON: read from the top, in parts of so many lines."""

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import polars as pl

from attrs import field, frozen

from ..record_files import Entry, UnreadableError, entries_by_line
from .chunks import Chunk, Reject, SourceError


@frozen(eq=False)
class Lines:
    """A file with a record in every line that is not blank."""

    path: Path
    texts: bool = False
    size: int | None = None
    _lines: dict[int, int] = field(factory=dict, init=False, repr=False)

    def line(self, table: str, row: int) -> tuple[str, int]:
        """The line where a record stands: records are numbered by their lines."""
        return self.path.name, row + 1

    def strays(self) -> Iterator[Reject]:
        """A record has its own lists in it: there are none."""
        return iter(())

    def chunks(self, size: int, first: int) -> Iterator[Chunk]:
        """So many lines with a record, or with none that can be read, at a time."""
        try:
            with self.path.open("rb") as stream:
                found = entries_by_line(stream, self.path.name)
                for number in count():
                    some = list(islice(found, size))
                    if not some and number:
                        return
                    if number >= first:
                        yield self._chunk(number, some)
        except OSError as error:
            raise SourceError(
                f"{self.path}: cannot be read: {error.strerror}"
            ) from None

    def _chunk(self, number: int, some: list[Entry | UnreadableError]) -> Chunk:
        entries = [each for each in some if isinstance(each, Entry)]
        broken = [
            _reject(each, self.path.name)
            for each in some
            if isinstance(each, UnreadableError)
        ]
        raw: list[Any] = [entry.raw for entry in entries]
        rows = pl.Series([entry.document.line - 1 for entry in entries], dtype=pl.Int64)
        return Chunk(number, raw, {"records": rows}, broken)


def _reject(error: UnreadableError, file: str) -> Reject:
    said = error.mistakes[0]
    place, _, what = said.removeprefix(f"{file}:").partition(": ")
    line = place.partition(":")[0]
    return Reject(file, int(line) if line.isdigit() else None, None, place, what)
