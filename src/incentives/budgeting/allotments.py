"""Allocations as tables that a person can read, in two languages."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from .. import layout
from ..dates import date_words
from ..grouping import Exceeded
from ..known import Known
from ..money import words as money_words
from ..reports.phrases import listed, say
from ..reports.report import summary
from ..reports.workings import known_words
from .claims import Standing

if TYPE_CHECKING:
    from .allocation import Allocation, Grant, Spending


def table(allocation: "Allocation", lang: str) -> str:
    """A heading, every claim that may come to something, and every budget."""
    day = say("as-of", lang, date_words(allocation.as_of, lang))
    head = [
        say(key, lang) for key in ("applicant", "rule", "demanded", "granted", "why")
    ]
    rows = [
        [
            name,
            grant.determination.rule.title_in(lang),
            _amount(grant, grant.demand, lang),
            _amount(grant, grant.share, lang),
            why(grant, lang),
        ]
        for application in allocation
        for name in (application.assessment.name or application.id,)
        for grant in application
        if grant.standing is not Standing.NOTHING_DUE
    ]
    lines = layout.table(head, rows, right=frozenset({2, 3}))
    total = say("granted-total", lang, _yuan(allocation.total, lang))
    foot = [line for spending in allocation.budgets for line in _spent(spending, lang)]
    heading = [f"{allocation.book.policy.title}  {day}"]
    if allocation.provisional:
        heading.append(say("draft", lang))
    return "\n".join([*heading, "", *lines, "", *foot, total])


def why(grant: "Grant", lang: str) -> str:
    """Why a claim gets what it gets, in a few words."""
    match grant.standing:
        case Standing.CUT:
            return say("cut-pro-rata", lang, _percent(grant))
        case Standing.EXHAUSTED if grant.exhausted is not None:
            served = _served(grant.exhausted.served, lang)
            by = grant.exhausted.application
            return say("exhausted-by", lang, served, by)
        case Standing.OUT_OF_QUOTA if grant.rank is not None:
            assert grant.budget is not None  # noqa: S101  # it has a quota
            return say("outside-quota-rank", lang, grant.rank, grant.budget.quota)
        case Standing.NO_BUDGET | Standing.NOTHING_DUE:
            return summary(grant.determination, lang)
        case Standing.OPEN if grant.missing:
            facts = [f"{each.application}: {each.fact}" for each in grant.missing[:3]]
            more = "…" if len(grant.missing) > len(facts) else ""
            return say("missing", lang, listed(facts, lang) + more)
        case _:
            return say(grant.standing.value, lang)


def _percent(grant: "Grant") -> str:
    """What is left of a claim, rounded to hundredths of a percent."""
    low, whole = grant.share.low, grant.demand.low
    assert isinstance(low, int)  # noqa: S101  # what is cut is known
    assert isinstance(whole, int)  # noqa: S101  # likewise
    hundredths = int(Fraction(low * 10_000, whole) + Fraction(1, 2))
    return f"{Decimal(hundredths) / 100:f}%"


def _served(served: object, lang: str) -> str:
    return date_words(served, lang) if isinstance(served, date) else str(served)


def _amount(grant: "Grant", known: "Known", lang: str) -> str:
    return known_words(known, lang) if grant.determination.is_cash else ""


def _yuan(amount: Decimal, lang: str) -> str:
    return money_words(int(amount * 100), lang)


def _spent(spending: "Spending", lang: str) -> Iterator[str]:
    """The lines about one budget."""
    name = spending.budget.name_in(lang)
    asked = known_words(spending.demand, lang)
    granted = _yuan(spending.granted, lang)
    available = spending.available
    if available is None:
        quota = spending.budget.quota
        yield say("quota-line", lang, name, quota, asked, granted)
    else:
        room = _yuan(available, lang)
        left = known_words(spending.left, lang)
        yield say("budget-line", lang, name, room, asked, granted, left)
    exhausted = spending.exhausted
    if exhausted is not None and spending.budget.exceeded is not Exceeded.PRO_RATA:
        served = _served(exhausted.served, lang)
        yield f"  {say('exhausted-by', lang, served, exhausted.application)}"
