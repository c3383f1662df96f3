"""Parts of a registry that are screened one after the other, and where their rows stand."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from attrs import frozen

from ..errors import IncentivesError


class SourceError(IncentivesError):
    """A registry that cannot be read: what, where, what to do."""


class TargetError(IncentivesError):
    """A place that results cannot be written to."""


@frozen
class Reject:
    """
    A row that is left out: where it stands, whose it is, what is wrong, what to do.

    ``line`` counts from 1, as whoever opens the file sees it; of a table without lines
    it is the number of the row.
    """

    file: str
    line: int | None
    id: str | None
    where: str
    what: str
    suggestion: str | None = None


@frozen(eq=False)
class Chunk:
    """
    Some subjects with all of their records.

    ``tables`` are as :func:`incentives.screen` takes them, by the English names of the
    tables, or one record each; ``rows`` has for each table the numbers of its rows in
    the source, from 0. ``broken`` are rows that nobody could read.
    """

    number: int
    tables: Mapping[str, pl.DataFrame] | Sequence[Any]
    rows: Mapping[str, pl.Series]
    broken: Sequence[Reject] = ()


class Source(Protocol):
    """A registry that is read in parts, the same parts every time."""

    @property
    def texts(self) -> bool:
        """Whether all that there is are texts: numbers and truths are read from them."""

    @property
    def size(self) -> int | None:
        """How many subjects there are, if that is known without reading them."""

    def chunks(self, size: int, first: int) -> Iterator[Chunk]:
        """The parts of so many subjects, from one of them on, in their order."""

    def line(self, table: str, row: int) -> tuple[str, int]:
        """The file and the line where a row of a table stands."""

    def strays(self) -> Iterator[Reject]:
        """Records that belong to no subject at all."""


def stamp(paths: Sequence[Path]) -> str:
    """Names, sizes and times of files."""
    stats = [(path.name, path.stat()) for path in paths]
    return ";".join(f"{name},{s.st_size},{s.st_mtime_ns}" for name, s in stats)
