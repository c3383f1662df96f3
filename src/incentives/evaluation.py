"""`evaluate()`: a subject, a day, a rule book and its readings; out comes an assessment."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from attrs import evolve

from .assessment import Assessment
from .dates import read_date, today
from .determination import Alternative, Determination
from .engines.reference import ReferenceEngine
from .errors import UsageError
from .facts import County, Enterprise
from .judging import determine
from .known import Known
from .packs import bundled
from .policy import Rule, RuleBook
from .stacking import peers, stacked
from .structuring import subject_of

_ENGINE = ReferenceEngine()


def evaluate(
    subject: Enterprise | County | Mapping[str, Any],
    *,
    as_of: date | str | None = None,
    rules: RuleBook | None = None,
    readings: Mapping[str, str | date] | None = None,
) -> Assessment:
    """
    What a subject is entitled to on a day: how much, why, why not, what is missing.

    ``as_of`` takes the law and the facts of that day (default: today in Asia/Shanghai);
    ``rules`` is a book made by :func:`load` (default: the bundled quanzhou-2024);
    ``readings`` decide ambiguous words otherwise than by their defaults.

    Raises :class:`RecordError` for a record with mistakes, and :class:`UsageError` for
    a day, a book or a reading that makes no sense.
    """
    day = _day(as_of)
    book = bundled() if rules is None else rules
    if not isinstance(book, RuleBook):
        kind = type(book).__name__
        raise UsageError(f"rules: expected a rule book made by load(), got {kind}")
    if readings is not None and not isinstance(readings, Mapping):
        kind = type(readings).__name__
        raise UsageError(f"readings: expected a mapping, got {kind}")
    return _assess(subject_of(subject, book), day, book.under(readings or {}))


def _day(as_of: object) -> date:
    if as_of is None:
        return today()
    try:
        return read_date(as_of)
    except ValueError as error:
        raise UsageError(f"as_of: {error}") from None


def _assess(subject: Enterprise | County, day: date, book: RuleBook) -> Assessment:
    determinations, possible = _determined(subject, day, book, book.rules)
    return Assessment(
        subject_id=subject.id,
        name=subject.name,
        subject=subject.subject,
        as_of=day,
        book=book,
        determinations=tuple(
            evolve(d, consider=partial(_alternatives, d, subject, day, book))
            for d in determinations
        ),
        possible=possible,
        reconsider=partial(_reconsidered, subject, day, book),
    )


def _reconsidered(
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
    readings: Mapping[str, str],
) -> Assessment:
    return _assess(subject, day, book.under(readings))


def _determined(
    subject: Enterprise | County, day: date, book: RuleBook, rules: Iterable[Rule]
) -> tuple[list[Determination], Known]:
    """Some rules of a book after stacking, and what they can come to together."""
    alone = [determine(book, rule, subject, day, _ENGINE) for rule in rules]
    return stacked(alone, book, lambda term: _ENGINE.amount(term, subject, day))


def _one(
    subject: Enterprise | County, day: date, book: RuleBook, rule: str
) -> Determination:
    """One rule, with no more than the rules that it stacks with."""
    needed = peers(rule, book)
    found, _ = _determined(subject, day, book, (r for r in book if r.id in needed))
    return next(d for d in found if d.rule.id == rule)


def _alternatives(
    determination: Determination,
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
) -> tuple[Alternative, ...]:
    """What each other reading of one word comes to, where it differs."""
    found = []
    for reading, value in _others(determination):
        other = _one(subject, day, book.under({reading: value}), determination.rule.id)
        if _result(other) != _result(determination):
            found.append(Alternative(reading, value, other.outcome, other.amount))
    return tuple(found)


def _result(determination: Determination) -> tuple[object, ...]:
    return (determination.outcome, determination.amount, determination.bounds)


def _others(determination: Determination) -> Iterator[tuple[str, str]]:
    """The other values of the readings that this rule depends on."""
    for name, current in determination.readings.items():
        for value in determination.declared[name].others:
            if value != current:
                yield name, value
