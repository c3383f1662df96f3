"""Where a rule changes its answer: thresholds, first and last days, caps and floors."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any as Anything

import attrs

from attrs import field, frozen

from ..dates import LAST_DAY
from ..determination import Determination
from ..engines.engine import Bound, Due
from ..engines.meanings import work_out
from ..engines.world import World
from ..facts import Subject
from ..ir import (
    AsOf,
    Compare,
    Comparison,
    Constant,
    Fact,
    Greatest,
    Least,
    Negate,
    Term,
    Uncertain,
)
from ..ir_walk import children, walk
from ..items import Item
from ..policy import ReasonCode, Requirement, Rule
from ..standards import Cash
from ..verdict import Verdict


class Side(Enum):
    """Where a case stands: below a boundary, exactly at it, or above."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


class Sort(Enum):
    """What kind of boundary it is."""

    THRESHOLD = "threshold"
    CAP = "cap"
    FLOOR = "floor"


@frozen
class Boundary:
    """
    A value of ``left`` at which a rule changes its answer: that of ``right``.

    ``wanted`` are the sides on which a worked case should stand: at a threshold and
    where the answer differs; below and above a cap. ``requirement`` is the one that
    the boundary stands in (None: the award); ``nest`` are lists that it is inside of,
    ``of_all`` says that all items together are measured.
    """

    sort: Sort
    left: Term
    right: Term
    wanted: tuple[Side, ...]
    requirement: Requirement | None = field(default=None, eq=False)
    node: Compare | None = field(default=None, eq=False)
    nest: tuple[tuple[str, str], ...] = ()
    of_all: bool = False


def boundaries_of(rule: Rule) -> tuple[Boundary, ...]:
    """Every boundary of a rule, each once, in the order in which they stand."""
    found: dict[Boundary, Boundary] = {}
    for requirement in rule.requirements:
        for boundary in _inside(requirement.condition, requirement, ()):
            if _is_meant(boundary, rule):
                found.setdefault(boundary, boundary)
    award = rule.award
    if isinstance(award, Cash):
        happened = {
            requirement.condition
            for requirement in rule.requirements
            if requirement.code is ReasonCode.NOT_YET_HAPPENED
        }
        for boundary in _inside(award.amount, None, ()):
            # An instalment on the day of the event has no other boundary than it, and
            # that instalments never come to more than the whole is no cap of the rule.
            if boundary.node not in happened and boundary.right != _whole(award):
                found.setdefault(boundary, boundary)
        if award.cap is not None:
            both = (Side.BELOW, Side.ABOVE)
            whole = Boundary(Sort.CAP, award.amount, award.cap, both, of_all=True)
            found[whole] = whole
    return tuple(found.values())


def _whole(award: Cash) -> Term | None:
    """The whole of an award that is paid over time."""
    return None if award.schedule is None else award.schedule.whole


def _is_meant(boundary: Boundary, rule: Rule) -> bool:
    """
    Whether a boundary is the rule's own.

    That an event has happened by the day asked about is no rule's own condition, and
    what the policy's first day is to a rule with an event shows by its event.
    """
    requirement = boundary.requirement
    if requirement is None or requirement.code is ReasonCode.NOT_YET_HAPPENED:
        return False
    since = requirement.code is ReasonCode.NOT_YET_EFFECTIVE
    return not (since and rule.event is not None and boundary.left == AsOf())


_ORDERED = {
    Comparison.GE: (Side.AT, Side.BELOW),
    Comparison.LT: (Side.AT, Side.BELOW),
    Comparison.GT: (Side.AT, Side.ABOVE),
    Comparison.LE: (Side.AT, Side.ABOVE),
}


def _inside(
    node: attrs.AttrsInstance,
    requirement: Requirement | None,
    nest: tuple[tuple[str, str], ...],
) -> Iterator[Boundary]:
    """The boundaries in a condition or a term, the outermost first."""
    match node:
        case Compare(comparison=sign, left=left, right=right) if sign in _ORDERED:
            if _has_edge(left, right):
                wanted = _ORDERED[sign]
                yield Boundary(
                    Sort.THRESHOLD, left, right, wanted, requirement, node, nest
                )
        case Least(terms=(first, *others)) | Greatest(terms=(first, *others)):
            sort = Sort.CAP if isinstance(node, Least) else Sort.FLOOR
            both = (Side.BELOW, Side.ABOVE)
            # That a base is not negative is said by the language, not by the author.
            nothing = isinstance(first, Constant) and first.value == 0
            # Neither is the size of a value, whatever its sign, a floor of it.
            size = others == [Negate(first)]
            for other in () if nothing or size else others:
                yield Boundary(sort, first, other, both, requirement, None, nest)
        case _:
            pass
    records, binder = getattr(node, "records", None), getattr(node, "binder", None)
    if records == "awards":
        return
    if isinstance(records, str) and isinstance(binder, str):
        nest = (*nest, (records, binder))
    for child in children(node):
        yield from _inside(child, requirement, nest)


def _has_edge(left: Term, right: Term) -> bool:
    """Whether two terms can be told to meet: both known some day, one of them open."""
    nodes = [*walk(left), *walk(right)]
    return any(isinstance(node, Fact | AsOf) for node in nodes) and not any(
        isinstance(node, Uncertain) for node in nodes
    )


# --- where a case stands -------------------------------------------------------


@frozen
class Sight:
    """What a worked case looked at: a subject, a day, and what a rule made of it."""

    subject: Subject
    as_of: date
    found: Determination
    due: Due

    def sides(self, boundary: Boundary) -> Iterator[Side]:
        """On which sides of a boundary the case stands, where it is what matters."""
        for _, distance in self.distances(boundary):
            yield _side(distance)

    def distances(self, boundary: Boundary) -> Iterator[tuple[World, Fraction]]:
        """How far the case is from a boundary, wherever that matters and is known."""
        worlds = [
            world
            for item in self.found.items
            if _matters(boundary, item)
            for world in self._worlds(boundary, item)
        ]
        lefts = [work_out(boundary.left, world).known.value for world in worlds]
        if boundary.of_all:
            amounts = [item.known.value for item in self.found.items]
            whole = None if None in amounts else sum(map(Fraction, amounts))  # type: ignore[arg-type]  # fen
            lefts, worlds = [whole for _ in worlds[:1]], worlds[:1]
        for world, left in zip(worlds, lefts, strict=True):
            right = work_out(boundary.right, world).known.value
            distance = _distance(left, right)
            if distance is not None:
                yield world, distance

    def _worlds(self, boundary: Boundary, item: Item) -> list[World]:
        world = World(self.subject, self.as_of, {}, self.due)
        each = self.found.rule.each
        if each is not None and item.path:
            records = self.subject.fact(each.records)
            index = int(item.path.rpartition("[")[2].rstrip("]"))
            record: Anything = records[index] if isinstance(records, tuple) else None
            bound = Bound(record, item.path)
            world = attrs.evolve(world, records={each.binder: bound})
        worlds = [world]
        for records_name, binder in boundary.nest:
            worlds = [
                inner
                for outer in worlds
                for inner in outer.each(records_name, binder) or ()
            ]
        return worlds


def _matters(boundary: Boundary, item: Item) -> bool:
    """Whether nothing else than the boundary keeps the item from being due."""
    own = boundary.requirement
    return all(
        ground.found.verdict is Verdict.MET
        or (own is not None and ground.requirement == own)
        for ground in item.grounds
    )


def _side(distance: Fraction) -> Side:
    if distance == 0:
        return Side.AT
    return Side.BELOW if distance < 0 else Side.ABOVE


def _distance(left: Anything, right: Anything) -> Fraction | None:
    """Fen, days, years or units from one value to another."""
    if left is None or right is None:
        return None
    if isinstance(left, date):
        never = left > LAST_DAY or right > LAST_DAY
        return None if never else Fraction((left - right).days)
    return Fraction(left) - Fraction(right)
