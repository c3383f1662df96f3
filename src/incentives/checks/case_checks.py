"""Worked cases: what each expects, and what every engine makes of it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..book import Case, RuleBook
from ..determination import Determination
from ..engines.engine import Engine
from ..errors import (
    Diagnostic,
    IncentivesError,
    Place,
    Placed,
    RecordError,
    Severity,
)
from ..evaluation import ENGINES, evaluate_by
from ..money import parse_money, words, yuan
from ..policy import Outcome


def case_diagnostics(
    book: RuleBook, engines: Mapping[str, Engine] = ENGINES
) -> Iterator[Diagnostic]:
    """Cases that fail on some engine, and rules without any case."""
    for case in book.cases:
        for problem, place in _problems(case, book, engines):
            said = f"{case.rule}, {case.name!r}: {problem}"
            yield Diagnostic("case-failed", said, place)
    tried = {case.rule for case in book.cases}
    for rule in book:
        if rule.id not in tried:
            yield Diagnostic(
                "no-case",
                f"the rule {rule.id!r} has no worked case",
                book.places[rule.id],
                "add one under cases:",
                Severity.WARNING,
            )


def case_problems(case: Case, book: RuleBook) -> list[str]:
    """How a case differs from what it expects; nothing where it holds."""
    return [problem for problem, _ in _problems(case, book, ENGINES)]


def _problems(
    case: Case, book: RuleBook, engines: Mapping[str, Engine]
) -> Iterator[tuple[str, Place]]:
    """What differs, with the engines where not all of them say so."""
    found: dict[tuple[str, Place], list[str]] = {}
    for name, engine in engines.items():
        for difference in _differences(case, book, engine):
            found.setdefault(difference, []).append(name)
    for (problem, place), names in found.items():
        everywhere = len(names) == len(engines)
        yield problem if everywhere else f"{problem} (by {', '.join(names)})", place


def _differences(case: Case, book: RuleBook, engine: Engine) -> list[tuple[str, Place]]:
    """Each difference with its place: a mistake of the record stands in `given`."""
    others = case.expected.get("otherwise", {})
    try:
        for name, _, value in (key.partition("=") for key in others):
            book.checked_readings({name: value})
        assessment = evaluate_by(
            engine, case.given, as_of=case.as_of, rules=book, readings=case.readings
        )
    except RecordError as error:
        return [(str(m), _place_in(case, m.path)) for m in error.mistakes]
    except IncentivesError as error:
        return [(str(error), case.place)]
    determination = assessment[case.rule]
    checks = (
        _CHECKS[key](determination, value) for key, value in case.expected.items()
    )
    return [(problem, case.place) for problems in checks for problem in problems]


def _place_in(case: Case, path: str) -> Place:
    place = case.given.place(path) if isinstance(case.given, Placed) else None
    return place or case.place


def _outcome(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.outcome.value
    if got != expected:
        yield f"expected {expected}, got {_unsettled(determination)}"


def _unsettled(determination: Determination) -> str:
    """The outcome; where it is not decided, what is possible and what is missing."""
    outcome = determination.outcome
    if outcome is not Outcome.UNDETERMINED:
        return str(outcome.value)
    low, high = determination.bounds
    missing = ", ".join(determination.missing) or "nothing"
    return f"{outcome.value}, {_words(low)} to {_words(high)}; missing {missing}"


def _amount(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.amount
    if got is None:
        yield f"expected {expected}, got {_unsettled(determination)}"
    elif got != yuan(parse_money(expected)):
        yield f"expected {expected}, got {_words(got)}"


def _low(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.bounds[0]
    if got != yuan(parse_money(expected)):
        yield f"expected at least {expected}, got {_words(got)}"


def _high(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.bounds[1]
    if got != yuan(parse_money(expected)):
        yield f"expected at most {expected}, got {_words(got)}"


def _repayable(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.repayable
    if got is None:
        yield f"expected {expected} to be given back, which is not known"
    elif got != yuan(parse_money(expected)):
        yield f"expected {expected} to be given back, got {_words(got)}"


def _words(amount: Decimal | None) -> str:
    return "no limit" if amount is None else words(int(amount * 100))


def _reason(determination: Determination, expected: str) -> Iterator[str]:
    got = {reason.code.value for reason in determination.reasons}
    got |= {item.code.value for item in determination.items if item.code is not None}
    if expected not in got:
        yield f"expected the reason {expected}, got {', '.join(sorted(got))}"


def _missing(determination: Determination, expected: str) -> Iterator[str]:
    if expected not in determination.missing:
        got = ", ".join(determination.missing) or "nothing"
        yield f"expected {expected} to be missing, got {got}"


def _otherwise(
    determination: Determination, expected: Mapping[str, str]
) -> Iterator[str]:
    """`reading=value: 500万元`, or an outcome."""
    others = {f"{a.reading}={a.value}": a for a in determination.alternatives}
    for key, value in expected.items():
        other = others.get(key)
        if other is None:
            yield f"expected {value} under {key}, got no difference"
        elif value != other.outcome.value and not _is_amount(value, other.amount):
            eligible = other.outcome is Outcome.ELIGIBLE and other.amount is not None
            got = _words(other.amount) if eligible else other.outcome.value
            yield f"expected {value} under {key}, got {got}"


def _is_amount(expected: str, amount: Decimal | None) -> bool:
    try:
        return amount == yuan(parse_money(expected))
    except ValueError:
        return False  # it is an outcome


_CHECKS: Mapping[str, Callable[[Determination, Any], Iterator[str]]] = {
    "outcome": _outcome,
    "amount": _amount,
    "low": _low,
    "high": _high,
    "repayable": _repayable,
    "reason": _reason,
    "missing": _missing,
    "otherwise": _otherwise,
}
