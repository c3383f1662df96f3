"""`cost()`: what a rule book costs over a whole registry, and of what that depends."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from attrs import frozen

from ..assessment import other_readings
from ..book import RuleBook
from ..screening.screen import screen
from .budgets import budgets_of
from .cost_report import cost_report
from .ledger import Ledger
from .report import Report
from .screened import OfScreening
from .tables import bounds_of, plain, summed, text, yuan_of


def cost(  # noqa: PLR0913  # the words of `screen`
    registry: object,
    rules: RuleBook | None = None,
    *,
    as_of: date | str | None = None,
    readings: Mapping[str, str | date] | None = None,
    subject: str = "enterprise",
    strict: bool = True,
    ignore: Iterable[str] = (),
) -> "Cost":
    """
    What a rule book costs on a day over all subjects of a registry, in yuan.

    The words are those of :func:`screen`, and the total is the sum of what
    :func:`evaluate` says of every record, to the fen.

    >>> import incentives
    >>> firm = {"id": "91350582MA31ABCD0M", "kind": "enterprise", "city": "泉州市"}
    >>> incentives.cost([firm], as_of="2025-10-01").total
    Decimal('0')

    Raises :class:`RecordError` with every mistake of the registry, and
    :class:`UsageError` for what is no registry, or a day, a book or a reading that
    makes no sense.
    """
    found = screen(
        registry,
        as_of=as_of,
        rules=rules,
        readings=readings,
        subject=subject,
        strict=strict,
        ignore=ignore,
    )
    return Cost(found, Ledger.of(found))


@frozen
class OtherReading:
    """What a registry costs where one word is read otherwise, in yuan."""

    reading: str
    value: str
    total: Decimal
    low: Decimal
    high: Decimal | None

    @property
    def bounds(self) -> tuple[Decimal, Decimal | None]:
        """What the total can still become; None above is without limit."""
        return self.low, self.high


@frozen(eq=False, repr=False)
class Cost(OfScreening):
    """
    What a rule book costs over a registry, in yuan, by rule, place, chain and time.

    Tables come back as the kind of frame that the registry was. ``subjects`` counts
    those to whom something is due, ``amount`` is what is decided, ``low`` and ``high``
    are what it can still become once missing facts are known; null above is without
    limit. What is not known of a subject, or of an event, stands in a row of null.
    """

    ledger: Ledger

    @property
    def total(self) -> Decimal:
        """Yuan that are decided, of all subjects together."""
        return self.screening.total

    @property
    def bounds(self) -> tuple[Decimal, Decimal | None]:
        """Yuan that the total can still become; None above is without limit."""
        return bounds_of(self.screening)

    # --- tables ----------------------------------------------------------------------

    def by(self, *dimensions: str) -> Any:
        """
        The sums by one or more of `rule`, `county`, `chain`, `month` and `year`.

        Month and year are those of the event by which a rule is dated. Of several
        events under one cap the earlier are paid first, so that all amounts add up.
        Bounds hold for each row by itself: where a cap or a group limits several rows
        together, they add up to more than the bounds of the whole.

        Raises :class:`UsageError` for a dimension that there is not.
        """
        return self.screening.back(summed(self.ledger, *dimensions))

    def rules(self) -> Any:
        """A row for every rule: ``rule``, ``subjects``, ``amount``, ``low``, ``high``."""
        return self.by("rule")

    def counties(self) -> Any:
        """The same by the county of the subject; of counties, by the county itself."""
        return self.by("county")

    def chains(self) -> Any:
        """The same by the industrial chain of the subject."""
        return self.by("chain")

    def months(self) -> Any:
        """The same by the month of the event, such as `2026-03`."""
        return self.by("month")

    def years(self) -> Any:
        """The same by the year of the event."""
        return self.by("year")

    def alternatives(self) -> Any:
        """
        The totals under every other reading of one word, where they differ.

        ``reading``, ``value``, ``total``, ``difference``, ``low``, ``high``, in yuan.
        """
        return self.screening.back(self.alternatives_table)

    def budgets(self) -> Any:
        """
        A row for every budget of the book, in yuan.

        ``budget``, ``available``, what is asked for at least (``low``) and at most
        (``high``), and ``exhausted_on``: the day on which nothing is left if whoever
        comes first is paid first. That is the order of the budget itself where it is
        first come first served, and the day of the event otherwise. The day is null
        where something is left, or where it depends on what is not known.
        """
        return self.screening.back(self.budgets_table)

    # --- what the tables are made of -------------------------------------------------

    @cached_property
    def other_readings(self) -> tuple[OtherReading, ...]:
        """The totals under every other reading of one word, where they differ."""
        return tuple(self._other_readings())

    def _other_readings(self) -> Iterator[OtherReading]:
        for reading, value in other_readings(self.book):
            book = self.book.under({reading: value})
            if book.rules == self.book.rules and book.groups == self.book.groups:
                continue
            found = self.screening.again(book=book)
            low, high = bounds_of(found)
            if (found.total, low, high) != (self.total, *self.bounds):
                yield OtherReading(reading, value, found.total, low, high)

    @property
    def alternatives_table(self) -> pl.DataFrame:
        """What :meth:`alternatives` gives back, as a frame of Polars."""
        found = self.other_readings
        return pl.DataFrame(
            {
                "reading": pl.Series([each.reading for each in found], dtype=pl.String),
                "value": pl.Series([each.value for each in found], dtype=pl.String),
                "total": yuan_of([each.total for each in found]),
                "difference": yuan_of([each.total - self.total for each in found]),
                "low": yuan_of([each.low for each in found]),
                "high": yuan_of([each.high for each in found]),
            }
        )

    @cached_property
    def budgets_table(self) -> pl.DataFrame:
        """What :meth:`budgets` gives back, as a frame of Polars."""
        return budgets_of(self.screening)

    # --- out -------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """The cost, ready for JSON; money as decimal strings of yuan."""
        low, high = self.bounds
        return {
            **self.asked(),
            "total": text(self.total),
            "bounds": [text(low), text(high)],
            "rules": plain(summed(self.ledger, "rule")),
            "counties": plain(summed(self.ledger, "county")),
            "chains": plain(summed(self.ledger, "chain")),
            "months": plain(summed(self.ledger, "month")),
            "years": plain(summed(self.ledger, "year")),
            "alternatives": plain(self.alternatives_table),
            "budgets": plain(self.budgets_table),
        }

    def report(self, lang: str = "zh") -> Report:
        """The cost in words; raises :class:`UsageError` for an unknown language."""
        return cost_report(self, lang)

    def __repr__(self) -> str:
        low, high = self.bounds
        return (
            f"Cost({len(self)} subjects, as_of={self.as_of.isoformat()!r}, "
            f"policy={self.book.policy.id!r}, total={text(self.total)!r}, "
            f"bounds=({text(low)!r}, {text(high)!r}))"
        )
