"""`upcoming()`: what lapses soon, what becomes due soon, and which fact is worth most."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from attrs import frozen

from ..book import RuleBook
from ..dates import read_date
from ..errors import UsageError
from ..readers import shown
from ..screening.screen import screen
from .ahead import moved
from .lacking import lacking
from .ledger import Ledger
from .report import Report
from .screened import OfScreening
from .tables import in_yuan, plain, text
from .upcoming_report import upcoming_report

#: Beyond that nobody plans: ten years.
MOST_DAYS = 3_660


def upcoming(  # noqa: PLR0913  # the words of `screen`, and how far to look
    registry: object,
    rules: RuleBook | None = None,
    *,
    days: int = 90,
    as_of: date | str | None = None,
    readings: Mapping[str, str | date] | None = None,
    subject: str = "enterprise",
    strict: bool = True,
    ignore: Iterable[str] = (),
) -> "Upcoming":
    """
    What lapses for whom within some days, what becomes due, and what is missing most.

    The other words are those of :func:`screen`. Every day of the horizon on which an
    answer may turn, by the rules and the days in the records, is looked at, of those
    for whom it may: nothing is missed that comes and goes again in between.

    >>> import incentives
    >>> firm = {"id": "91350582MA31ABCD0M", "kind": "enterprise", "city": "泉州市"}
    >>> found = incentives.upcoming([firm], as_of="2025-10-01", days=30)
    >>> found.until.isoformat(), len(found.lapsing())
    ('2025-10-31', 0)

    Raises :class:`RecordError` with every mistake of the registry, and
    :class:`UsageError` for what is no registry, or a number of days, a day, a book or a
    reading that makes no sense.
    """
    _check(days)
    found = screen(
        registry,
        as_of=as_of,
        rules=rules,
        readings=readings,
        subject=subject,
        strict=strict,
        ignore=ignore,
    )
    try:
        read_date(found.as_of + timedelta(days=days))
    except ValueError as error:
        raise UsageError(f"days: {error}") from None
    return Upcoming(found, moved(found, days), days)


def _check(days: object) -> None:
    """Raises :class:`UsageError` for what is no number of days to look ahead."""
    is_number = isinstance(days, int) and not isinstance(days, bool)
    if not is_number or days not in range(1, MOST_DAYS + 1):
        raise UsageError(f"days: expected 1 to {MOST_DAYS}, got {shown(days)}")


@frozen(eq=False, repr=False)
class Upcoming(OfScreening):
    """
    What is coming for a registry within some days, in yuan.

    Tables come back as the kind of frame that the registry was.
    """

    moves: pl.DataFrame
    days: int

    @property
    def until(self) -> date:
        """The last day that is looked at."""
        return self.as_of + timedelta(days=self.days)

    def lapsing(self) -> Any:
        """
        What is due or possible, and no longer from a day on: the earliest first.

        ``id``, ``rule``, ``from`` (the first day without it), ``outcome`` before,
        ``amount`` (what is lost of what was decided; null where that was undetermined,
        or is not money), and ``high``: the most that is lost, null without limit.
        """
        return self.screening.back(self.lapsing_table)

    def coming(self) -> Any:
        """
        What becomes due: the earliest first.

        ``id``, ``rule``, ``from`` (the first day on which it is due), and ``amount``:
        by how much what is decided grows; null for what is not money.
        """
        return self.screening.back(self.coming_table)

    def missing(self) -> Any:
        """
        The facts that nobody knows, by the money that depends on them.

        ``fact`` (of a record without its place), ``subjects`` (how many lack it),
        ``alone``: yuan that may be due, today, where nothing else is missing, so that
        this fact decides; ``stake``: the same wherever it is missing, so that what lacks
        several facts counts in full for each of them; ``endless``: how many of these are
        without limit, which both sums leave out; and ``certified_by``, whom to ask. What
        is without limit comes first, then what is unlocked by the fact alone.
        """
        return self.screening.back(self.missing_table)

    def ending(self) -> Any:
        """
        The rules whose windows close: ``rule``, and ``last``, the last day of the window.

        Events after it count no more; for events within it a rule stays what it is.
        """
        return self.screening.back(self.ending_table)

    # --- what the tables are made of -------------------------------------------------

    @property
    def lapsing_table(self) -> pl.DataFrame:
        """What :meth:`lapsing` gives back, as a frame of Polars."""
        lapsing = self.moves.filter("lapses")
        names = ("id", "rule", "from", "outcome", "lost", "high")
        shown_ = lapsing.select(names).rename({"lost": "amount"})
        return in_yuan(shown_, "amount", "high").sort("from", "rule", "id")

    @property
    def coming_table(self) -> pl.DataFrame:
        """What :meth:`coming` gives back, as a frame of Polars."""
        coming = self.moves.filter("comes")
        shown_ = coming.select("id", "rule", "from", pl.col("gained").alias("amount"))
        return in_yuan(shown_, "amount").sort("from", "rule", "id")

    @cached_property
    def missing_table(self) -> pl.DataFrame:
        """What :meth:`missing` gives back, as a frame of Polars."""
        declared = self.screening.book.vocabulary[self.screening.registry.kind]
        return lacking(Ledger.of(self.screening).entries, declared)

    @property
    def ending_table(self) -> pl.DataFrame:
        """What :meth:`ending` gives back, as a frame of Polars."""
        screening = self.screening
        ends = [(rule, screening.book[rule].window.last) for rule in screening.rules]
        some = [each for each in ends if self.as_of <= each[1] < self.until]
        schema = {"rule": pl.String, "last": pl.Date}
        return pl.DataFrame(some, schema=schema, orient="row").sort("last", "rule")

    # --- out -------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """What is coming, ready for JSON; money as decimal strings of yuan."""
        return {
            **self.asked(),
            "until": self.until.isoformat(),
            "lapsing": plain(self.lapsing_table),
            "coming": plain(self.coming_table),
            "missing": plain(self.missing_table),
            "ending": plain(self.ending_table),
        }

    def report(self, lang: str = "zh") -> Report:
        """What is coming in words; raises :class:`UsageError` for an unknown language."""
        return upcoming_report(self, lang)

    def __repr__(self) -> str:
        amounts = self.lapsing_table["amount"].drop_nulls()
        lost = sum(amounts, Decimal(0))
        return (
            f"Upcoming({len(self)} subjects, as_of={self.as_of.isoformat()!r}, "
            f"days={self.days}, lapsing={text(lost)!r})"
        )
