"""The day on which each budget is used up, if whoever comes first is paid first."""

from datetime import date
from decimal import Decimal

import polars as pl

from attrs import evolve

from ..book import RuleBook
from ..budgeting.allocation import Spending
from ..grouping import Budget, Exceeded, Ties
from ..screening.screen import Screening
from .tables import yuan_of


def budgets_of(screening: Screening) -> pl.DataFrame:
    """
    A row for every budget under which this kind of subject is paid.

    ``budget``, ``available``, ``low``, ``high`` (what is asked for), ``exhausted_on``.
    """
    book = screening.book
    own = set(screening.rules)
    turned = [_in_turn(b, book) for b in book.budgets if own & set(b.rules)]
    spent: tuple[Spending, ...] = ()
    if turned:
        # A book that is amended only here; under it nothing is read or judged anew.
        amended = evolve(book, budgets=tuple(turned))
        spent = evolve(screening, book=amended).allocate().budgets
    asked = [spending.demanded for spending in spent]
    days = [_day(spending) for spending in spent]
    return pl.DataFrame(
        {
            "budget": pl.Series([b.budget.id for b in spent], dtype=pl.String),
            "available": yuan_of([spending.available for spending in spent]),
            "low": yuan_of([low for low, _ in asked]),
            "high": yuan_of([high for _, high in asked]),
            "exhausted_on": pl.Series(days, dtype=pl.Date),
        }
    )


def _in_turn(budget: Budget, book: RuleBook) -> Budget:
    """The budget in the order of days: its own, or else those of the events."""
    if budget.exceeded is Exceeded.FIRST_COME:
        return evolve(budget, ties=Ties.BY_ID)
    dated = {rule: book[rule].dated for rule in budget.rules}
    order = {rule: term for rule, term in dated.items() if term is not None}
    return evolve(
        budget,
        exceeded=Exceeded.FIRST_COME,
        order=order,
        ascending=True,
        ties=Ties.BY_ID,
    )


def _day(spending: Spending) -> date | None:
    """The day of the claim that took the last of it."""
    if spending.available == Decimal(0):
        return None
    return None if spending.exhausted is None else spending.exhausted.day
