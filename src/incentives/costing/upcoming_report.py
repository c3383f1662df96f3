"""What is coming in words: what lapses, what becomes due, and what is missing."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..dates import date_words
from .cost_report import asked_of, bars, remarks
from .report import Report, Sheet
from .words import money, say

if TYPE_CHECKING:
    from .upcoming import Upcoming

#: Rows in a text; a page has all of them.
_MOST_ROWS = 50


def upcoming_report(found: "Upcoming", lang: str) -> Report:
    """What is coming in words; raises :class:`UsageError` for an unknown language."""
    lapsing = found.lapsing_table.to_dicts()
    coming = found.coming_table.to_dicts()
    missing = found.missing_table.to_dicts()
    book = found.screening.book

    def row(each: dict[str, Any], amount: str) -> tuple[str, ...]:
        title = book[each["rule"]].title_in(lang)
        return each["id"], title, date_words(each["from"], lang), amount

    lost = tuple(row(each, _lost(each, lang)) for each in lapsing)
    gained = tuple(row(each, _sum(each["amount"], lang)) for each in coming)
    lacking = tuple(
        (
            _fact_name(each["fact"], found, lang),
            each["certified_by"] or "",
            str(each["subjects"]),
            money(each["alone"], lang),
            money(each["stake"], lang),
            str(each["endless"]),
        )
        for each in missing
    )
    ending = tuple(
        (book[each["rule"]].title_in(lang), date_words(each["last"], lang))
        for each in found.ending_table.to_dicts()
    )
    head = ("subject", "rule", "from", "amount")
    facts = ("fact", "certified", "lacking", "alone", "stake", "endless")
    stakes = {_fact_name(m["fact"], found, lang): m["stake"] for m in missing}
    charts = [
        bars("missing-facts", stakes, lang),
        _by_month("lapsing", lapsing, lang),
        _by_month("coming", coming, lang),
    ]
    return Report(
        lang,
        say("upcoming", lang, book.policy.title),
        (
            *asked_of(found.screening, lang),
            (say("until", lang), date_words(found.until, lang)),
            (say("lapsing", lang), _total(lapsing, lang)),
            (say("coming", lang), _total(coming, lang)),
        ),
        remarks(found.screening, lang),
        (
            _sheet("lapsing", head, lost, lang, words=3),
            _sheet("coming", head, gained, lang, words=3),
            _sheet("ending", ("rule", "last"), ending, lang, words=2),
            _sheet("missing-facts", facts, lacking, lang, words=2),
        ),
        tuple(chart for chart in charts if chart.amounts),
        {_fact_name(m["fact"], found, lang): m["fact"] for m in missing},
    )


def _sheet(
    title: str,
    head: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    lang: str,
    *,
    words: int,
) -> Sheet:
    heads = tuple(say(key, lang) for key in head)
    is_brief = len(rows) <= _MOST_ROWS
    return Sheet(say(title, lang), heads, rows, words, is_brief)


def _fact_name(path: str, found: "Upcoming", lang: str) -> str:
    """A fact in words, with what it is a fact of."""
    screening = found.screening
    declared = screening.book.vocabulary[screening.registry.kind]
    scope, _, name = path.rpartition(".")
    stem, bracket, year = name.partition("[")
    records = declared.by_binder(scope) if scope else None
    facts = declared.facts if records is None else records.fields
    known = facts.get(stem) or declared.records.get(stem)
    label = stem if known is None else _label(known, lang)
    if bracket:
        label = f"{label}[{year}"
    return label if records is None else f"{_label(records, lang)}·{label}"


def _label(declared: Any, lang: str) -> str:
    name: str = declared.english if lang == "en" else declared.label
    return name or declared.label


def _lost(row: dict[str, Any], lang: str) -> str:
    """What is lost: a sum, or at most a sum, or nothing that is a sum."""
    if row["amount"] is not None:
        return money(row["amount"], lang)
    if row["high"] is None:
        return say("undetermined", lang)
    if row["high"]:
        return say("up-to", lang, money(row["high"], lang))
    return say("not-money", lang)


def _sum(amount: Decimal | None, lang: str) -> str:
    return say("not-money", lang) if amount is None else money(amount, lang)


def _total(rows: list[dict[str, Any]], lang: str) -> str:
    known = (row["amount"] for row in rows if row["amount"] is not None)
    return money(sum(known, Decimal(0)), lang)


def _by_month(key: str, rows: list[dict[str, Any]], lang: str) -> Any:
    """What is lost or gained in each month."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        day: date = row["from"]
        month = f"{day:%Y-%m}"
        sums[month] = sums.get(month, Decimal(0)) + (row["amount"] or Decimal(0))
    return bars(key, sums, lang, in_time=True)
