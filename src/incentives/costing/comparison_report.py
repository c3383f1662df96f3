"""A comparison in words: the sums, then by rule, place and chain, then subject by subject."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..money import yuan
from .cost_report import asked_of, bars, ids_by_name, names_in, remarks
from .report import Report, Sheet
from .words import money, say

if TYPE_CHECKING:
    from .comparison import Comparison

_SUMS = ("gaining", "gains", "losing", "losses", "change", "open", "low", "high")
#: Subjects in a text; a page has all of them.
_MOST_SUBJECTS = 20


def comparison_report(found: "Comparison", lang: str) -> Report:
    """The comparison in words; raises :class:`UsageError` for an unknown language."""
    changes, counts = found.changes, found.counts
    tables = {
        "rule": changes.by_rule().to_dicts(),
        "county": changes.by("county").to_dicts(),
        "chain": changes.by("chain").to_dicts(),
    }
    named = names_in(found.before, lang) | {"rule": _rule_names(found, lang)}
    sheets = [
        Sheet(
            say(f"by-{by}", lang),
            tuple(say(each, lang) for each in (by, *_SUMS)),
            tuple(_row(row, named[by](row[by]), lang) for row in rows if _matters(row)),
        )
        for by, rows in tables.items()
        if by == "rule" or any(row[by] is not None for row in rows)
    ]
    charts = [
        bars(f"by-{by}", {named[by](row[by]): row["change"] for row in rows}, lang)
        for by, rows in tables.items()
    ]
    said = {key: yuan(changes.sum_of(key)) for key in ("before", "after")}
    said |= {"change": found.change, "gains": found.gains, "losses": found.losses}
    facts = [*asked_of(found.before, lang)]
    facts += [(say(key, lang), money(amount, lang)) for key, amount in said.items()]
    for key, count in (
        ("gaining", "gaining"),
        ("losing", "losing"),
        ("open", "undetermined"),
    ):
        facts.append((say(key, lang), str(counts[count])))
    if counts["undetermined"]:
        facts.append((say("open-bounds", lang), _range(*found.bounds, lang)))
    return Report(
        lang,
        say("compare", lang, found.after.book.policy.title),
        tuple(facts),
        remarks(found.after, lang),
        (*sheets, *_subjects(found, lang)),
        tuple(chart for chart in charts if chart.amounts),
        ids_by_name(found.before.book, lang) | ids_by_name(found.after.book, lang),
    )


def _rule_names(found: "Comparison", lang: str) -> Any:
    """Rules are called as the book calls them that has them, the reform first."""

    def name(value: object) -> str:
        rule = str(value)
        book = found.after.book if rule in found.after.book else found.before.book
        return book[rule].title_in(lang)

    return name


def _range(low: Decimal | None, high: Decimal | None, lang: str) -> str:
    ends = (_end(low, lang), _end(high, lang))
    return say("between", lang, *ends)


def _end(amount: Decimal | None, lang: str) -> str:
    return say("no-limit", lang) if amount is None else money(amount, lang)


def _matters(row: dict[str, Any]) -> bool:
    return bool(row["gaining"] or row["losing"] or row["undetermined"])


def _row(row: dict[str, Any], name: str, lang: str) -> tuple[str, ...]:
    return (
        name,
        str(row["gaining"]),
        money(row["gains"], lang),
        str(row["losing"]),
        money(row["losses"], lang),
        money(row["change"], lang),
        str(row["undetermined"]),
        _end(row["low"], lang),
        _end(row["high"], lang),
    )


def _subjects(found: "Comparison", lang: str) -> list[Sheet]:
    """The subjects with a change: in full for pages, and if few for texts."""
    head = tuple(
        say(key, lang)
        for key in ("subject", "before", "after", "change", "low", "high")
    )
    rows = tuple(
        (
            row["id"],
            money(row["before"], lang),
            money(row["after"], lang),
            say("undetermined", lang)
            if row["change"] is None
            else money(row["change"], lang),
            _end(row["low"], lang),
            _end(row["high"], lang),
        )
        for row in found.changes.subjects_table().to_dicts()
    )
    title = say("changed-subjects", lang)
    return [Sheet(title, head, rows, brief=len(rows) <= _MOST_SUBJECTS)]
