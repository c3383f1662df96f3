"""What is wrong with a rule pack before anybody is judged by it."""

import hashlib

from collections.abc import Callable, Iterator, Mapping
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
    Severity,
)
from .evaluation import evaluate
from .money import parse_money, words, yuan
from .packs import load
from .policy import Case, RuleBook
from .sources import money_sentences, without_blanks


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
    found = [*_cases(book), *_without_cases(book)]
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
        for problem in case_problems(case, book):
            yield Diagnostic(
                "case-failed", f"{case.rule}, {case.name!r}: {problem}", case.place
            )


def case_problems(case: Case, book: RuleBook) -> list[str]:
    """How a case differs from what it expects; nothing where it holds."""
    try:
        assessment = evaluate(
            case.given, as_of=case.as_of, rules=book, readings=case.readings
        )
    except IncentivesError as error:
        return str(error).split("\n")
    determination = assessment[case.rule]
    checks = (
        _CHECKS[key](determination, value) for key, value in case.expected.items()
    )
    return [problem for problems in checks for problem in problems]


def _outcome(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.outcome.value
    if got != expected:
        yield f"expected {expected}, got {got}"


def _amount(determination: Determination, expected: str) -> Iterator[str]:
    try:
        wanted = yuan(parse_money(expected))
    except ValueError as error:
        yield f"expected {expected!r}: {error}"
        return
    got = determination.amount
    if got is None:
        yield f"expected {expected}, got {determination.outcome.value}"
    elif got != wanted:
        yield f"expected {expected}, got {words(int(got * 100))}"


def _low(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.bounds[0]
    if got != yuan(parse_money(expected)):
        yield f"expected at least {expected}, got {words(int(got * 100))}"


def _high(determination: Determination, expected: str) -> Iterator[str]:
    got = determination.bounds[1]
    if got is None or got != yuan(parse_money(expected)):
        said = "no limit" if got is None else words(int(got * 100))
        yield f"expected at most {expected}, got {said}"


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
            continue
        amount = None if other.amount is None else words(int(other.amount * 100))
        same_amount = other.outcome.value == "eligible" and amount == value
        if not same_amount and other.outcome.value != value:
            yield f"expected {value} under {key}, got {amount or other.outcome.value}"


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
    plain_quotes = [without_blanks(rule.clause.quote) for rule in book]
    for rule, quote in zip(book, plain_quotes, strict=True):
        if quote not in plain:
            yield Diagnostic(
                "quote-not-verbatim",
                f"the quote of {rule.id!r} is not in {path.name}",
                book.quotes[rule.id],
                "copy the words of the clause exactly",
            )
    for row in book.inventory:
        listed = without_blanks(row.quote)
        plain_quotes.append(listed)
        if listed not in plain:
            yield Diagnostic(
                "quote-not-verbatim",
                f"the inventory's row {row.id!r} is not in {path.name}",
                start,
                "copy the words of the source exactly",
            )
    yield from _not_encoded(path.name, text, plain_quotes)


def _not_encoded(name: str, text: str, quotes: list[str]) -> Iterator[Diagnostic]:
    for line, sentence in money_sentences(text):
        bare = without_blanks(sentence).rstrip("。；;")
        if not any(quote in bare or bare in quote for quote in quotes):
            yield Diagnostic(
                "not-encoded",
                "this sentence speaks of money; no rule and no inventory row quotes it",
                Place(name, line, 1, 1, sentence),
                "encode it, or list it in the inventory with its kind",
                Severity.WARNING,
            )
