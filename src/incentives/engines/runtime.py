"""
What compiled rules call while they run: whatever is not a plain operation on values.

In compiled code a term is either its value or, where that is not known, a
:class:`Known`; a condition is True, False, or the facts that leave it unknown.
Whatever is known in part is computed by the same functions as in the reference.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from attrs import evolve

from ..dates import NEVER
from ..facts import Record, core_vocabulary
from ..ir import Comparison, Fact, Figure, Lookup, Value
from ..known import (
    NOTHING_MISSING,
    Ends,
    Known,
    between,
    compared,
    exactly,
    hull_of,
    membership,
    perhaps,
    times,
    total_of,
)
from ..plain import NOTHING_OF, UNMET, Plain
from ..policy import ReasonCode
from ..verdict import Verdict
from ..vocabulary import YearlyFigures, inner
from .engine import Bound, Due
from .meanings import Work
from .world import World

#: A value, or what is known of it.
Some = Value | Known
#: True, False, or the facts that are missing.
Truth = bool | frozenset[str]


def _nobody() -> Any:
    """A record that says nothing of anything."""
    known = core_vocabulary().subjects.values()
    lists = (declared for subject in known for declared in subject.records.values())
    names = {name for declared in lists for name in declared.fields}
    silent: dict[str, object] = dict.fromkeys(names)
    silent |= dict.fromkeys(("fact", "further"), lambda _self, _name: None)
    return type("Nobody", (), silent)()


#: A record of which nothing is known, and a list that nobody knows.
NOBODY = _nobody()
GHOST = (NOBODY,)


def nothing_of(
    look: Callable[..., tuple[Any, ...]], subject: Any, as_of: date, record: Any
) -> Plain:
    """Why an award comes to nothing: it would anyhow, or it was paid before."""
    if not subject.awards:
        return NOTHING_OF[ReasonCode.NOTHING_DUE]
    never_paid = evolve(subject, awards=())
    known = look(never_paid, as_of, {}, record, "")[3]
    if known == 0 or (isinstance(known, Known) and known.high == 0):
        return NOTHING_OF[ReasonCode.NOTHING_DUE]
    return NOTHING_OF[ReasonCode.ALREADY_AWARDED]


def decisive(
    look: Callable[..., tuple[Any, ...]],
    subject: Any,
    as_of: date,
    records: tuple[Record, ...],
    codes: tuple[Plain, ...],
) -> Plain:
    """
    Why nothing is due of records that are all unmet: what the nearest of them lacks.

    That is the one with the fewest requirements unmet, then the earliest.
    """
    ranked: dict[tuple[int, date], set[Plain]] = {}
    for record in records:
        truths, _, unmet, _, _, dated, *_ = look(subject, as_of, {}, record, "")
        day = dated if isinstance(dated, date) else date.max
        first = codes[truths.index(False)]
        ranked.setdefault((unmet, day), set()).add(first)
    nearest = ranked[min(ranked)]
    return nearest.pop() if len(nearest) == 1 else UNMET


def known_of(some: Some) -> Known:
    """What is known of a term."""
    return some if isinstance(some, Known) else exactly(some)


def some_of(known: Known) -> Some:
    """The value of what is known entirely."""
    if known.missing or not known.is_known:
        return known
    assert known.low is not None  # noqa: S101  # it is known
    return known.low


def truth_of(verdict: Verdict, missing: frozenset[str]) -> Truth:
    """A verdict as compiled code has it."""
    if verdict is Verdict.UNKNOWN:
        return missing
    return verdict is Verdict.MET


def verdict_of_truth(truth: Truth | None) -> Verdict:
    """A verdict of compiled code; None was not looked at."""
    if truth is True:
        return Verdict.MET
    return Verdict.UNMET if truth is False else Verdict.UNKNOWN


def _lacking(parts: Iterable[Known]) -> frozenset[str]:
    return NOTHING_MISSING.union(*(part.missing for part in parts))


def at(records: str, place: int | str) -> str:
    """The path of a record, by its place in its list; below 0 is the list itself."""
    if isinstance(place, str):
        return place
    return records if place < 0 else f"{records}[{place}]"


def absent(node: Fact, record: Record, path: str) -> Some:
    """What is known of a fact of a record by whose silence nothing is said."""
    if record is NOBODY:
        return Known(node.low, node.high, frozenset({path}))
    return Known(node.low, node.high, frozenset({f"{path}.{node.name}"}))


def figure(node: Figure, year: Some, record: Record) -> Value | None:
    """The figure of a year that is given; None where more is to be said of it."""
    if isinstance(year, Known):
        return None
    given = record.fact(node.fact.name)
    if not isinstance(given, YearlyFigures):
        return None
    found = dict(given.figures).get(year)  # type: ignore[arg-type]  # a year
    scale = None if node.fact.scale == 1 else node.fact.scale
    return None if found is None else inner(found, node.fact.kind, scale)


def asked(work: Work, *world: Any) -> Some:
    """What the reference says of a term."""
    return some_of(work(_world(*world)).known)


def _world(
    subject: Any,
    as_of: date,
    due: Due,
    binders: tuple[str, ...] = (),
    *bounds: Record | str | None,
) -> World:
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    found = {
        binder: Bound(None if record is NOBODY else record, path)  # type: ignore[arg-type]  # they alternate
        for binder, (record, path) in zip(binders, pairs, strict=True)
    }
    return World(subject, as_of, found, due)


def computed(compute: Callable[[list[Known]], Ends], *terms: Some) -> Some:
    """Arithmetic on what is known in part."""
    parts = [known_of(term) for term in terms]
    return some_of(between(*compute(parts), _lacking(parts)))


def is_span(start: Some, end: Some) -> bool:
    """Whether time passes between two days that are known, and do come."""
    known = not isinstance(start, Known) and not isinstance(end, Known)
    return known and NEVER not in (start, end)


def applied(compute: Callable[[Any], Value], term: Known) -> Some:
    """A function of what is known in part."""
    low, high = (None if end is None else compute(end) for end in (term.low, term.high))
    return some_of(between(low, high, term.missing))


def chosen(reached: list[tuple[Truth, Some]], last: Some) -> Some:
    """One of several terms, as far as is known which."""
    terms = [*(known_of(term) for _, term in reached), known_of(last)]
    because = (truth for truth, _ in reached if not isinstance(truth, bool))
    missing = NOTHING_MISSING.union(_lacking(terms), *because)
    known = hull_of(terms)
    return some_of(between(known.low, known.high, missing))


def looked_up(node: Lookup, keys: tuple[Some, ...], otherwise: Some) -> Some:
    """Any value of a table of whose keys some are not known."""
    other = known_of(otherwise)
    known = hull_of([*map(exactly, set(node.rows.values())), other])
    missing = _lacking([*map(known_of, keys), other])
    return some_of(between(known.low, known.high, missing))


def counted(where: Truth, term: Some) -> Known:
    """A part of a sum that is not known, or not known to be there."""
    part = known_of(term)
    if where is True:
        return part
    assert not isinstance(where, bool)  # noqa: S101  # what is unmet is no part
    some = perhaps(part)
    return between(some.low, some.high, where | part.missing)


def added(total: Any, parts: list[Known]) -> Some:
    """A sum of what is known and what is known in part."""
    every = [exactly(total), *parts]
    return some_of(between(*total_of(every), _lacking(every)))


def any_number(term: Some, most: int | None, records: str) -> Some:
    """A term added up over a list that nobody knows."""
    known = times(perhaps(known_of(term)), most)
    return some_of(between(known.low, known.high, frozenset({records})))


def compares(comparison: Comparison, left: Some, right: Some) -> Truth:
    """A comparison of what is known in part."""
    sides = (known_of(left), known_of(right))
    return truth_of(compared(comparison, *sides), _lacking(sides))


def among(rows: frozenset[tuple[Value, ...]], *terms: Some) -> Truth:
    """Membership of what is known in part."""
    parts = [known_of(term) for term in terms]
    row = tuple(part.value for part in parts)
    return truth_of(membership(row, rows), _lacking(parts))


def holding(term: Some) -> Truth:
    """Whether a boolean term holds of which something may be known."""
    known = known_of(term)
    value = known.value
    return known.missing if value is None else value is True
