"""What is wrong with a rule pack before anybody is judged by it."""

import hashlib

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

from attrs import frozen

from .determination import Determination
from .errors import (
    Diagnostic,
    IncentivesError,
    PackError,
    Place,
    Placed,
    RecordError,
    Severity,
)
from .evaluation import evaluate
from .money import parse_money, words, yuan
from .packs import load
from .policy import Case, Outcome, RuleBook
from .sources import common_beginning, money_sentences, without_blanks


@frozen
class Report:
    """Everything found in a pack; ``book`` is None where it cannot be used."""

    book: RuleBook | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What must be mended before the pack may be used."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)


def check(
    directory: str | PathLike[str], *, source: str | PathLike[str] | None = None
) -> Report:
    """
    Everything wrong with a pack, and with its worked cases.

    With the text of the source, every quote must stand in it verbatim, and sentences
    that speak of money and that no rule quotes are warned of.
    """
    try:
        book = load(directory)
    except PackError as error:
        return Report(None, error.diagnostics)
    return check_book(book, source)


def check_book(book: RuleBook, source: str | PathLike[str] | None = None) -> Report:
    """The same for a book that is loaded already."""
    found = [*book.warnings, *_cases(book), *_without_cases(book)]
    if source is not None:
        found += _source(book, Path(source))
    return Report(book, tuple(found))


# --- worked cases --------------------------------------------------------------


def _without_cases(book: RuleBook) -> Iterator[Diagnostic]:
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


def _cases(book: RuleBook) -> Iterator[Diagnostic]:
    for case in book.cases:
        for problem, place in _differences(case, book):
            said = f"{case.rule}, {case.name!r}: {problem}"
            yield Diagnostic("case-failed", said, place)


def case_problems(case: Case, book: RuleBook) -> list[str]:
    """How a case differs from what it expects; nothing where it holds."""
    return [problem for problem, _ in _differences(case, book)]


def _differences(case: Case, book: RuleBook) -> list[tuple[str, Place]]:
    """The same, each with its place: a mistake of the record stands in `given`."""
    others = case.expected.get("otherwise", {})
    try:
        for name, _, value in (key.partition("=") for key in others):
            book.checked_readings({name: value})
        assessment = evaluate(
            case.given, as_of=case.as_of, rules=book, readings=case.readings
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


def _words(amount: Decimal | None) -> str:
    return "no limit" if amount is None else words(int(amount * 100))


def _reason(determination: Determination, expected: str) -> Iterator[str]:
    got = {reason.code.value for reason in determination.reasons}
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
    "reason": _reason,
    "missing": _missing,
    "otherwise": _otherwise,
}

# --- the source ----------------------------------------------------------------


def _source(book: RuleBook, path: Path) -> Iterator[Diagnostic]:
    start = Place(path.name, 1, 1, 1, "")
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield Diagnostic("unreadable-file", f"cannot read the source: {error}", start)
        return
    digest = hashlib.sha256(data).hexdigest()
    if book.policy.source_sha256 not in ("", digest):
        yield Diagnostic(
            "other-source",
            f"the source has the digest {digest}, policy.yaml names another",
            start,
            "quotes may have changed with the text: read both",
            Severity.WARNING,
        )
    plain = without_blanks(text)
    quoted: list[str] = []
    for what, quote, place in _quotes(book):
        same = common_beginning(without_blanks(quote), plain)
        quoted.append(same)
        if same != without_blanks(quote):
            yield Diagnostic(
                "quote-not-verbatim",
                f"the quote of {what} is not in {path.name}",
                place,
                _parting(same),
            )
    yield from _not_encoded(path.name, text, quoted)


def _quotes(book: RuleBook) -> Iterator[tuple[str, str, Place]]:
    """Everything that is said to stand in the source: whose, what and where."""
    for rule in book:
        yield f"the rule {rule.id!r}", rule.clause.quote, book.quotes[rule.id]
    for row in book.inventory:
        yield f"the row {row.id!r}", row.quote, row.place


#: A shorter beginning of a quote says nothing about which sentence was meant.
_TELLING = 6


def _parting(same: str) -> str:
    """How far a quote goes with the source, for a help."""
    if len(same) < _TELLING:
        return "copy the words of the source exactly"
    return f"it is the same up to {same[-12:]!r}; copy the words exactly"


def _not_encoded(name: str, text: str, quotes: list[str]) -> Iterator[Diagnostic]:
    telling = [quote for quote in quotes if len(quote) >= _TELLING]
    for line, sentence in money_sentences(text):
        bare = without_blanks(sentence).rstrip("。；;")
        if not any(quote in bare or bare in quote for quote in telling):
            yield Diagnostic(
                "not-encoded",
                "this sentence speaks of money; no rule and no inventory row quotes it",
                Place(name, line, 1, 1, sentence),
                "encode it, or list it in the inventory with its kind",
                Severity.WARNING,
            )
