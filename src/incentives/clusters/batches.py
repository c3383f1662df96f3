"""
A screening as every machine of a cluster can do its part of it: Arrow in, Arrow out.

What travels is a description. Each worker makes a book of it once, from the directory
of the pack or from the bundled one, and refuses to answer by other rules, or by another
version of this library, than the machine that asked.
"""

import re

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from attrs import field, frozen

from ..book import RuleBook
from ..caching.books import library
from ..errors import IncentivesError, Mistake, RecordError
from ..packs import bundled, load
from ..readers import shown
from ..screening.registry import SUBJECTS, Rejected
from ..screening.screen import BATCH, screen
from ..vocabulary import SubjectDeclaration
from .results import SCHEMAS, first, table_of


class OtherRulesError(IncentivesError):
    """A worker that has other rules, or another version of this library."""


@frozen
class Screen:
    """
    What is asked of every worker: plain data, which pickles.

    ``pack`` is the directory of the rule book, None for the bundled one; ``digest`` and
    ``code`` say what book and what library answer where it was asked.
    """

    as_of: date
    pack: str | None
    digest: str = field(repr=False)
    code: str = field(repr=False)
    readings: tuple[tuple[str, str | date], ...] = ()
    subject: str = "enterprise"
    shape: str = "determinations"
    strict: bool = True
    ignore: tuple[str, ...] = ()

    @property
    def schema(self) -> Any:
        """The columns of the results, with their types, as Arrow has them."""
        return SCHEMAS[self.shape]

    @property
    def declared(self) -> SubjectDeclaration:
        """The facts that subjects of this kind can have."""
        return self.book().vocabulary[self.subject]

    def book(self) -> RuleBook:
        """
        The book that answers, made once on every worker.

        Raises :class:`OtherRulesError` where it is not that of who asked.
        """
        return _book(self.pack, self.digest, self.code, self.readings)

    def checked(self, tables: Any) -> None:
        """
        Refuse, before anything runs, columns that no worker could read.

        ``tables`` is what :func:`incentives.screen` takes, with no rows needed.
        """
        screen(tables, **self._words())

    def results(self, table: Any) -> Any:
        """
        The results for an Arrow table of subjects, one row each.

        Raises :class:`RecordError` with what is wrong, by the ids of the subjects.
        """
        screening = screen(table, **self._words())
        wrong = [self._named(each, table) for each in screening.rejected]
        if self.shape == "rejected":
            rows = [
                (id_, each.path, each.message, each.suggestion) for id_, each in wrong
            ]
            return table_of(rows, self.shape)
        if wrong and self.strict:
            raise RecordError(first([mistake for _, mistake in wrong]))
        if self.shape != "totals" and not screening.rules:
            return self.schema.empty_table()
        return getattr(screening, self.shape)().cast(self.schema)

    def stream(self, batches: Iterable[Any], most: int = BATCH) -> Iterator[Any]:
        """The results for a stream of Arrow batches, put together to larger ones."""
        for each in _together(batches, most):
            yield from self.results(pa.Table.from_batches(each)).to_batches()

    def _words(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of,
            "rules": self.book(),
            "subject": self.subject,
            "strict": False,
            "ignore": self.ignore,
        }

    def _named(self, each: Rejected, table: Any) -> tuple[str | None, Mistake]:
        """A mistake by the id of its subject: no worker knows the number of its row."""
        mistake, row = each.mistake, each.subject
        column = id_column(table.column_names, self.declared)
        # A wide table without ids is refused as a whole, and rows are of subjects.
        assert row is not None and column is not None  # noqa: PT018, S101
        given = table.column(column)[row].as_py()
        name = SUBJECTS[self.subject][0]
        rest = re.sub(rf"^{name}\[\d+\]", "", mistake.path)
        path = f"{name}[{shown(given)}]{rest}"
        id_ = None if given is None else str(given)
        return id_, Mistake(path, mistake.message, mistake.suggestion)


def id_column(columns: Iterable[str], declared: SubjectDeclaration) -> str | None:
    """The column of the ids of subjects, by its name or its label."""
    names = {"id", declared.facts["id"].label}
    return next((each for each in columns if each in names), None)


@cache
def _book(
    pack: str | None,
    digest: str,
    code: str,
    readings: tuple[tuple[str, str | date], ...],
) -> RuleBook:
    if library() != code:
        raise OtherRulesError("this worker has another version of incentives")
    book = bundled() if pack is None else load(pack)
    if book.digest != digest:
        where = "the bundled pack" if pack is None else pack
        raise OtherRulesError(f"this worker has other rules in {where}")
    return book.under(dict(readings))


def _together(batches: Iterable[Any], most: int) -> Iterator[list[Any]]:
    """Batches in lists of at least so many rows; the last one has what is left."""
    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= most:
            yield held
            held = []
    if held:
        yield held
