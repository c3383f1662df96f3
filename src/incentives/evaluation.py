"""`evaluate()`: a subject, a day, a rule book and its readings; out comes an assessment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from .assessment import Assessment
from .book import RuleBook
from .dates import read_date, today
from .determination import Determination
from .engines.compiled import CompiledEngine
from .engines.engine import Engine
from .engines.reference import ReferenceEngine
from .engines.witness import Witness
from .errors import UsageError
from .facts import County, Enterprise
from .items import Alternative
from .judging import determine, ruled_out
from .known import Known, exactly
from .packs import bundled
from .policy import Rule
from .stacking import peers, stacked
from .structuring import subject_of

#: Every engine by its name; the first one answers, checks try them all.
_REFERENCE = ReferenceEngine()
ENGINES: Mapping[str, Engine] = {
    "compiled": CompiledEngine(_REFERENCE, Witness().confirm),
    "reference": _REFERENCE,
}


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
    engine = ENGINES["compiled"]
    return evaluate_by(engine, subject, as_of=as_of, rules=rules, readings=readings)


def evaluate_by(
    engine: Engine,
    subject: Enterprise | County | Mapping[str, Any],
    *,
    as_of: date | str | None,
    rules: RuleBook | None,
    readings: Mapping[str, str | date] | None,
) -> Assessment:
    """The same as :func:`evaluate`, by an engine of one's choice."""
    day, book, chosen = asked(as_of, rules, readings)
    return _assess(subject_of(subject, book), day, chosen, engine)


def asked(
    as_of: date | str | None,
    rules: RuleBook | None,
    readings: Mapping[str, str | date] | None,
) -> tuple[date, RuleBook, RuleBook]:
    """
    The day, the book, and the book under the readings that a call asks for.

    Raises :class:`UsageError` where they make no sense.
    """
    day = _day(as_of)
    book = bundled() if rules is None else rules
    if not isinstance(book, RuleBook):
        kind = type(book).__name__
        raise UsageError(f"rules: expected a rule book made by load(), got {kind}")
    if readings is not None and not isinstance(readings, Mapping):
        kind = type(readings).__name__
        raise UsageError(f"readings: expected a mapping, got {kind}")
    return day, book, book.under(readings) if readings else book


def _day(as_of: object) -> date:
    if as_of is None:
        return today()
    try:
        return read_date(as_of)
    except ValueError as error:
        raise UsageError(f"as_of: {error}") from None


def _assess(
    subject: Enterprise | County, day: date, book: RuleBook, engine: Engine
) -> Assessment:
    chosen = [
        rule
        for rule in engine.candidates(book, subject)
        if not engine.rules_out(rule, subject, day)
    ]
    determinations, possible = _determined(subject, day, book, chosen, engine)
    return Assessment(
        subject_id=subject.id,
        name=subject.name,
        subject=subject.subject,
        as_of=day,
        book=book,
        candidates={d.rule.id: d for d in determinations},
        rule_out=cache(partial(_ruled_out, subject, day, book, engine)),
        possible=possible,
        reconsider=partial(_reconsidered, subject, day, book, engine),
    )


def _ruled_out(
    subject: Enterprise | County, day: date, book: RuleBook, engine: Engine, rule: str
) -> Determination:
    """The determination of a rule that was never a candidate: why nothing is due."""
    consider = partial(_alternatives, subject, day, book, engine)
    return ruled_out(book, book[rule], subject, day, engine, consider)


def _reconsidered(
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
    engine: Engine,
    readings: Mapping[str, str],
) -> Assessment:
    return _assess(subject, day, book.under(readings), engine)


def _determined(
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
    rules: Iterable[Rule],
    engine: Engine,
) -> tuple[list[Determination], Known]:
    """Some rules of a book after stacking, and what they can come to together."""
    found: dict[str, Determination] = {}
    chosen = list(rules)
    consider = partial(_alternatives, subject, day, book, engine)

    def find(rule: Rule) -> None:
        """Determine a rule after those that it uses, which never go round."""
        if rule.id in found:
            return
        for used in rule.uses:
            find(book[used])
        due = {used: found[used].payable for used in rule.uses}
        found[rule.id] = determine(book, rule, subject, day, engine, due, consider)

    for rule in chosen:
        find(rule)
    due = defaultdict(lambda: exactly(0), {r: d.payable for r, d in found.items()})
    alone = [found[rule.id] for rule in chosen]
    return stacked(
        alone, book, subject, lambda term: engine.amount(term, subject, day, due)
    )


def _one(
    subject: Enterprise | County, day: date, book: RuleBook, engine: Engine, rule: str
) -> Determination:
    """One rule, with no more than the rules that it stacks with."""
    needed = peers(rule, book)
    rules = (each for each in book if each.id in needed)
    found, _ = _determined(subject, day, book, rules, engine)
    return next(d for d in found if d.rule.id == rule)


def _alternatives(
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
    engine: Engine,
    determination: Determination,
) -> tuple[Alternative, ...]:
    """What each other reading of one word comes to, where it differs."""
    found = []
    for reading, value in _others(determination, book):
        changed = book.under({reading: value})
        other = _one(subject, day, changed, engine, determination.rule.id)
        if _result(other) != _result(determination):
            found.append(Alternative(reading, value, other.outcome, other.amount))
    return tuple(found)


def _result(determination: Determination) -> tuple[object, ...]:
    return (determination.outcome, determination.amount, determination.bounds)


def _others(determination: Determination, book: RuleBook) -> Iterator[tuple[str, str]]:
    """The other values of the readings that this rule and its peers depend on."""
    needed = peers(determination.rule.id, book) - {determination.rule.id}
    shared = (name for rule in book if rule.id in needed for name in rule.readings)
    for name in dict.fromkeys((*determination.readings, *shared)):
        for value in determination.declared[name].others:
            if value != book.readings[name]:
                yield name, value
