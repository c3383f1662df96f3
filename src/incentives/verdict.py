"""Met, unmet, unknown: Kleene's three-valued logic."""

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """What is known of a condition; unknown is never coerced to met or unmet."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"

    # One object each: what Enum hashes is the name, which takes six times as long.
    __hash__ = object.__hash__

    @property
    def mark(self) -> str:
        """✓, ✗ or ?."""
        return _MARKS[self]


_MARKS = {Verdict.MET: "✓", Verdict.UNMET: "✗", Verdict.UNKNOWN: "?"}


def verdict_of(*, truth: bool) -> Verdict:
    """The verdict of something that is known."""
    return Verdict.MET if truth else Verdict.UNMET


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """
    >>> all_of([Verdict.MET, Verdict.UNKNOWN, Verdict.UNMET])
    <Verdict.UNMET: 'unmet'>
    >>> all_of([])
    <Verdict.MET: 'met'>
    """
    seen = set(verdicts)
    if Verdict.UNMET in seen:
        return Verdict.UNMET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """
    >>> any_of([Verdict.UNMET, Verdict.UNKNOWN])
    <Verdict.UNKNOWN: 'unknown'>
    >>> any_of([])
    <Verdict.UNMET: 'unmet'>
    """
    return negated(all_of(negated(verdict) for verdict in verdicts))


def negated(verdict: Verdict) -> Verdict:
    """
    >>> negated(Verdict.UNKNOWN)
    <Verdict.UNKNOWN: 'unknown'>
    """
    return _NEGATED[verdict]


_NEGATED = {
    Verdict.MET: Verdict.UNMET,
    Verdict.UNMET: Verdict.MET,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
}
