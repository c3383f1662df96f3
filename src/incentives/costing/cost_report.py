"""A cost in words: what a person wants to know first, then by what it comes about."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..book import RuleBook
from ..dates import date_words
from ..policy import Status
from ..screening.screen import Screening
from .report import Bars, Report, Sheet
from .tables import left_out, summed
from .words import at_most, bounds, money, say

if TYPE_CHECKING:
    from .cost import Cost

#: Names drawn in one chart.
_MOST_BARS = 30
_SUMS = ("subjects", "amount", "low", "high")

#: What stands for a value of a dimension in a language.
Named = Callable[[object], str]


def cost_report(cost: "Cost", lang: str) -> Report:
    """The cost in words; raises :class:`UsageError` for an unknown language."""
    named = names_in(cost.screening, lang)
    rows = {by: summed(cost.ledger, by).to_dicts() for by in named}
    sheets = [
        Sheet(
            say(f"by-{by}", lang),
            tuple(say(each, lang) for each in (by, *_SUMS)),
            tuple(_row(row, by, named[by], lang) for row in rows[by] if _matters(row)),
            brief=by != "month",
        )
        for by in named
        if by == "rule" or any(row[by] is not None for row in rows[by])
    ]
    charts = [
        bars(
            f"by-{by}",
            {named[by](row[by]): row["amount"] for row in rows[by]},
            lang,
            in_time=by == "month",
        )
        for by in ("rule", "month", "county", "chain")
    ]
    return Report(
        lang,
        say("cost", lang, cost.book.policy.title),
        (
            *asked_of(cost.screening, lang),
            (say("total", lang), money(cost.total, lang)),
            (say("bounds", lang), bounds(*cost.bounds, lang)),
        ),
        remarks(cost.screening, lang),
        (*sheets, _alternatives(cost, lang), _budgets(cost, lang)),
        tuple(chart for chart in charts if chart.amounts),
        ids_by_name(cost.book, lang),
    )


def ids_by_name(book: RuleBook, lang: str) -> dict[str, str]:
    """The ids of rules by their names."""
    return {rule.title_in(lang): rule.id for rule in book}


def remarks(screening: Screening, lang: str) -> tuple[str, ...]:
    """That a draft is none yet."""
    is_draft = screening.book.policy.status is Status.DRAFT
    return (say("draft", lang),) if is_draft else ()


def asked_of(screening: Screening, lang: str) -> Iterator[tuple[str, str]]:
    """The day, and how many subjects were asked about."""
    yield say("as-of", lang), date_words(screening.as_of, lang)
    yield say("counted", lang), str(len(screening))
    out = left_out(screening)
    if out:
        yield say("rejected", lang), str(out)


def names_in(screening: Screening, lang: str) -> dict[str, Named]:
    """How the values of every dimension are called."""

    def rule(value: object) -> str:
        return screening.book[str(value)].title_in(lang)

    def plain(value: object) -> str:
        return say("unknown", lang) if value is None else str(value)

    return {"rule": rule, **dict.fromkeys(("county", "chain", "year", "month"), plain)}


def bars(
    title: str, amounts: dict[str, Decimal], lang: str, *, in_time: bool = False
) -> Bars:
    """A chart of what is not nothing: the largest amounts, or all months in turn."""
    some = [(name, amount) for name, amount in amounts.items() if amount]
    if not in_time:
        some = sorted(some, key=lambda pair: -abs(pair[1]))[:_MOST_BARS]
    return Bars(title, say(title, lang), say("yuan", lang), tuple(some), in_time)


def _matters(row: dict[str, Any]) -> bool:
    return bool(row["subjects"] or row["amount"]) or row["high"] != 0


def _row(row: dict[str, Any], by: str, named: Named, lang: str) -> tuple[str, ...]:
    return (
        named(row[by]),
        str(row["subjects"]),
        money(row["amount"], lang),
        money(row["low"], lang),
        at_most(row["high"], lang),
    )


def _alternatives(cost: "Cost", lang: str) -> Sheet:
    heads = ("reading", "value", "total", "difference", "low", "high")
    declared = cost.book.declared_readings
    rows = (
        (
            each.reading,
            declared[each.reading].meaning(each.value, lang),
            money(each.total, lang),
            money(each.total - cost.total, lang),
            money(each.low, lang),
            at_most(each.high, lang),
        )
        for each in cost.other_readings
    )
    head = tuple(say(key, lang) for key in heads)
    return Sheet(say("other-readings", lang), head, tuple(rows), words=2)


def _budgets(cost: "Cost", lang: str) -> Sheet:
    heads = ("budget", "available", "low", "high", "exhausted")
    names = {budget.id: budget.name_in(lang) for budget in cost.book.budgets}
    rows = []
    for row in cost.budgets_table.to_dicts():
        day = row["exhausted_on"]
        rows.append(
            (
                names[row["budget"]],
                at_most(row["available"], lang),
                money(row["low"], lang),
                at_most(row["high"], lang),
                say("never", lang) if day is None else date_words(day, lang),
            )
        )
    head = tuple(say(key, lang) for key in heads)
    return Sheet(say("budgets", lang), head, tuple(rows))
