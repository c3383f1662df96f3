"""What a fact may be, and how often: the choices of amounts, numbers, days and years."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from attrs import evolve

from ..dates import FIRST_DAY, LAST_DAY
from ..engines.indexing import Needed
from ..ir import Kind
from .choices import WANTED, Asked, Choice, scaled, with_unknown

_EPOCH = date(1970, 1, 1).toordinal()
_YEAR = 365
#: No invented amount or number is larger, in hundredths.
_MOST = 10**17
#: The share of values on a boundary or next to it, where these are wanted.
_ON_BOUNDARY = 0.7
#: As many boundaries of one fact can be told apart; of more, some are left out.
_MOST_POINTS = 160
_MOST_LEVELS = 12
#: Usual amounts in fen, and usual numbers in hundredths, where no rule names any.
_LEVELS = {
    Kind.MONEY: (10_000_000, 100_000_000, 1_000_000_000),
    Kind.NUMBER: (1_000, 10_000, 100_000),
}


def day_number(day: date) -> int:
    """A day counted from 1970."""
    return day.toordinal() - _EPOCH


# --- amounts and numbers ---------------------------------------------------------------


def amount_choices(asked: Asked, needed: Needed | None = None) -> list[Choice]:
    """Money in fen and numbers in hundredths, around what rules compare them with."""
    points = list(_points(asked))
    found = _usual(asked, [point for point in points if point > 0])
    if needed is not None:
        found = [*_between(asked, needed), *scaled(found, 1 - WANTED)]
    if asked.dense and points:
        found = _dense(found, _around(asked, points))
    return with_unknown(found, asked.unknown)


def step(asked: Asked) -> int:
    """How far apart usual values are: money by the fen, numbers by the whole."""
    return 100 if asked.kind is Kind.NUMBER else 1


def _points(asked: Asked) -> Iterator[Fraction]:
    """What rules compare a fact with, in hundredths."""
    hundredths = 1 if asked.kind is Kind.MONEY else 100
    for value in _thinned(asked.hints.values.get(asked.key, ()), _MOST_POINTS):
        point = Fraction(value) * hundredths
        if (asked.declared.negative or point >= 0) and abs(point) < _MOST:
            yield point


def _around(asked: Asked, points: Iterable[Fraction]) -> Iterator[int]:
    """On every point, the least below and above, and for numbers the next whole ones."""
    steps = sorted({1, step(asked)})
    for point in points:
        at = floor(point)
        for value in (at, *(at + s for s in steps), *(at - s for s in steps)):
            if value >= 0 or asked.declared.negative:
                yield value


def _usual(asked: Asked, points: Sequence[Fraction]) -> list[Choice]:
    levels = [floor(point) for point in _thinned(points, _MOST_LEVELS)]
    high = [max(level, 100) for level in levels or _LEVELS[asked.kind]]
    if asked.key in asked.hints.less:
        small = [_from(asked, level // 50, level // 5) for level in high]
        return [Choice(0, 0.5), *scaled(small, 0.5)]
    wide = [_from(asked, level // 5, level * 3) for level in high]
    found = [Choice(0, 0.05), *scaled(wide, 0.95)]
    if asked.declared.negative:
        losses = [_from(asked, -level, 0) for level in high]
        found = [*scaled(losses, 0.2), *scaled(found, 0.8)]
    return found


def _from(asked: Asked, low: int, high: int) -> Choice:
    """Anything from one value up to another, by steps."""
    by = step(asked)
    return Choice(low // by * by, 1.0, max(1, (high - low) // by))


def _between(asked: Asked, needed: Needed) -> list[Choice]:
    """What a rule needs: one of some values, or one between two ends."""
    hundredths = Fraction(1 if asked.kind is Kind.MONEY else 100)
    fact = needed.fact

    def own(value: Any) -> int:
        return max(-_MOST, min(_MOST, floor(Fraction(value) / fact.scale * hundredths)))

    if needed.values is not None:
        found = [Choice(own(value), 1.0) for value in sorted(needed.values)]
    else:
        low = own(0 if needed.low is None else needed.low)
        high = own(needed.high) if needed.high is not None else max(3 * low, 10**7)
        found = [_from(asked, low, min(high, _MOST))]
    least = -_MOST if asked.declared.negative else 0
    return scaled([evolve(c, value=max(c.value, least)) for c in found], WANTED)


# --- days and years ----------------------------------------------------------------------


def day_choices(asked: Asked, needed: Needed | None = None) -> list[Choice]:
    """Days: mostly since the rules began, some long before, some yet to come."""
    start = day_number(asked.hints.first)
    return _timed(asked, needed, start, day_number, _YEAR)


def year_choices(asked: Asked, needed: Needed | None = None) -> list[Choice]:
    """Years, as days are."""
    return _timed(asked, needed, asked.hints.first.year, int, 1)


def _timed(
    asked: Asked, needed: Needed | None, start: int, number: Any, year: int
) -> list[Choice]:
    is_day = asked.kind is Kind.DATE
    now = asked.today if is_day else date.fromordinal(asked.today + _EPOCH).year
    first, last = (number(d if is_day else d.year) for d in (FIRST_DAY, LAST_DAY))

    def span(low: int, high: int, weight: float) -> Choice:
        low = max(first, min(low, last))
        return Choice(low, weight, max(1, min(high, last) - low + 1))

    found = [
        span(start, max(start, now), 0.7),
        span(start - 3 * year, start - 1, 0.1 if asked.key[0] else 0.05),
        span(start - 20 * year, start - 1, 0.05 if asked.key[0] else 0.15),
        span(now + 1, now + year, 0.1),
    ]
    if needed is not None:
        ends = [_number(end, number) for end in (needed.low, needed.high)]
        low, high = (start if ends[0] is None else ends[0]), ends[1]
        exact = [number(v) for v in sorted(needed.values or ())]
        until = now if high is None else min(max(now, low), high)
        wanted = [span(v, v, 1.0) for v in exact] or [span(low, until, 1.0)]
        found = [*scaled(wanted, WANTED), *scaled(found, 1 - WANTED)]
    if asked.dense:
        points = [p for p in _moments(asked, number) if first <= p <= last]
        found = _dense(found, points)
    return with_unknown(found, asked.unknown)


def _number(end: Any, number: Any) -> int | None:
    return None if end is None else int(number(end))


def _moments(asked: Asked, number: Any) -> Iterator[int]:
    """On every day that rules name and beside it; at the ends of its year; its year."""
    for day in _thinned(asked.hints.days, _MOST_POINTS):
        if asked.kind is Kind.YEAR:
            yield from (day.year - 1, day.year, day.year + 1)
            continue
        at = number(day)
        yield from (at - 1, at, at + 1)
        yield from (number(date(day.year, 1, 1)), number(date(day.year, 12, 31)))
    if asked.kind is Kind.YEAR:
        for year in asked.hints.values.get(asked.key, ()):
            yield from (year - 1, year, year + 1)


# --- both ----------------------------------------------------------------------------------


def _dense(usual: Sequence[Choice], points: Iterable[int]) -> list[Choice]:
    """Mostly points, each as often as any other."""
    on = [Choice(point, 1.0) for point in dict.fromkeys(points)]
    return [*scaled(on, _ON_BOUNDARY), *scaled(usual, 1 - _ON_BOUNDARY)]


def _thinned(values: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many of some values, evenly."""
    return values if len(values) <= most else values[:: -(-len(values) // most)]
