"""Rules of one shape: the same but for the values in them, which make a table."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from math import lcm
from typing import Any, TypeVar, cast

import polars as pl

from attrs import evolve, frozen

from ..book import RuleBook
from ..engines.columns.column import DTYPES, FORMS, Form, fits_narrow
from ..engines.columns.frame import PARAMETERS
from ..engines.columns.tables import Table
from ..engines.indexing import conjuncts
from ..ir import Compare, Comparison, Condition, Constant, Fact, Kind, Member, Term
from ..ir_walk import rewritten, skeleton, walk
from ..policy import Rule
from ..remembering import Remembered
from ..standards import Cash

Node = TypeVar("Node", Term, Condition)

#: So many rules of one shape are judged together; fewer are as fast one by one.
FEWEST = 16

#: Values of these kinds are stored in one way only, and may be joined as they are.
_JOINED = {Kind.TEXT, Kind.DATE, Kind.YEAR}
#: Of these, rules may say between which two a fact must lie.
_RANGED = {Kind.MONEY, Kind.DATE, Kind.YEAR}


@frozen
class Range:
    """Between which values a fact must lie: columns of the values of the rules."""

    low: str
    high: str


@frozen(eq=False)
class Alike:
    """
    Rules of one shape.

    ``rule`` is what they have in common: a value in which they differ is a fact of the
    record ``§``, whose rows in ``values`` are the rules, and ``places`` where these
    stand in the book. A rule concerns only rows whose ``fact`` equals its value in the
    column ``key``, or lies in a range, ends included; ``shared`` are the conditions
    that are the same in all of them.
    """

    rule: Rule
    places: pl.Series
    values: Table
    fact: Fact
    key: str | Range
    shared: tuple[Condition, ...]


_FOUND: Remembered[RuleBook, Mapping[tuple[str, int], tuple[Alike, ...]]] = Remembered()


def alike_in(book: RuleBook, kind: str) -> tuple[Alike, ...]:
    """The rules of a book for one kind of subject that are judged together."""
    known = _FOUND.get(book) or {}
    found = known.get((kind, FEWEST))
    if found is None:
        found = tuple(_alike(book, kind))
        _FOUND.keep(book, {**known, (kind, FEWEST): found})
    return found


def _alike(book: RuleBook, kind: str) -> Iterator[Alike]:
    apart = {used for rule in book for used in rule.uses}
    apart.update(*(group.members for group in book.groups))
    shapes: dict[Hashable, list[tuple[int, list[Constant]]]] = defaultdict(list)
    for place, rule in enumerate(book):
        if rule.subject == kind and rule.id not in apart and _stands_alone(rule):
            values: list[Constant] = []
            shapes[_shape(rule, values)].append((place, values))
    for rules in shapes.values():
        if len(rules) >= FEWEST:
            found = _taken_together(book.rules[rules[0][0]], rules)
            if found is not None:
                yield found


def _stands_alone(rule: Rule) -> bool:
    """Whether a rule looks at no other rule, and at nothing but one record at a time."""
    award = rule.award
    if rule.uses:
        return False
    if not isinstance(award, Cash):
        return True
    return award.cap is None and award.most is None and award.schedule is None


# --- shapes --------------------------------------------------------------------------


def _shape(rule: Rule, values: list[Constant]) -> Hashable:
    """What a rule is but for the values in it, which are appended in their order."""

    def instead(node: object) -> Hashable:
        if isinstance(node, Constant):
            values.append(node)
            return (PARAMETERS, node.kind, node.unit)
        if isinstance(node, Fact):
            return node
        only = _only(node)
        if only is None:
            return None
        values.append(only[1])
        return (Comparison.EQ, only[0])

    each, award = rule.each, rule.award
    looks = None if each is None else (each.records, each.binder, each.at_most)
    asked = tuple([(r.code, skeleton(r.condition, instead)) for r in rule.requirements])
    amount: Hashable = None
    if isinstance(award, Cash):
        terms = skeleton((award.amount, award.per), instead)
        amount = (award.combination, terms)
    return (looks, asked, type(award), amount, skeleton(rule.dated, instead))


def _only(node: object) -> tuple[Fact, Constant] | None:
    """The fact and the one text that it must be: written as a list, it is equality."""
    match node:
        case Member(terms=(Fact(kind=Kind.TEXT) as fact,), rows=rows) if (
            # What a value was replaced by is no fact of anybody.
            len(rows) == 1 and fact.scope != PARAMETERS
        ):
            ((value,),) = rows
            return fact, Constant(value, Kind.TEXT)
        case _:
            return None


def _taken_together(
    first: Rule, rules: Sequence[tuple[int, Sequence[Constant]]]
) -> Alike | None:
    """The rules of one shape; None where nothing tells whom one of them concerns."""
    columns: dict[str, pl.Series] = {}
    scales: dict[str, Fraction] = {}
    facts: dict[int, Fact] = {}
    distinct: dict[str, int] = {}
    written = list(zip(*(values for _, values in rules), strict=True))
    for number, constants in enumerate(written):
        various = {each.value for each in constants}
        if len(various) == 1:
            continue
        stored = _stored([each.value for each in constants], constants[0].kind)
        if stored is None:
            return None
        name, one = f"p{number}", constants[0]
        columns[name], scales[name] = stored
        distinct[name] = len(various)
        facts[number] = Fact(name, one.kind, PARAMETERS, unit=one.unit)
    rule = _with_parameters(first, facts)
    fact: Fact
    key: str | Range
    keys, ranges = list(_keys(rule)), list(_ranges(rule, scales))
    if keys:
        fact, key = max(keys, key=lambda each: distinct[each[1]])
    elif ranges:
        fact, key = ranges[0]
    else:
        return None
    shared = tuple(r.condition for r in rule.requirements if not _differs(r.condition))
    places = pl.Series([place for place, _ in rules], dtype=pl.Int64)
    return Alike(rule, places, Table(pl.DataFrame(columns), scales), fact, key, shared)


def _stored(values: Sequence[Any], kind: Kind) -> tuple[pl.Series, Fraction] | None:
    """Values as engines store them; None where they need numbers that are too large."""
    form = FORMS[kind]
    if form is not Form.WHOLE:
        return pl.Series(values, dtype=DTYPES[form]), Fraction(1)
    exact = [Fraction(value) for value in values]
    over = lcm(*(value.denominator for value in exact))
    whole = [int(value * over) for value in exact]
    if not all(map(fits_narrow, (*whole, over))):
        return None
    return pl.Series(whole, dtype=pl.Int64), Fraction(1, over)


def _with_parameters(rule: Rule, facts: Mapping[int, Fact]) -> Rule:
    """A rule with facts of the record `§` for its values, by their numbers."""
    numbers = count()

    def change(node: object) -> object:
        only = _only(node)
        if only is not None:
            fact, value = only
            return Compare(Comparison.EQ, fact, facts.get(next(numbers), value))
        if isinstance(node, Constant):
            return facts.get(next(numbers), node)
        return node

    requirements = tuple(
        evolve(each, condition=_changed(each.condition, change))
        for each in rule.requirements
    )
    award = rule.award
    if isinstance(award, Cash):
        amount = _changed(award.amount, change)
        per = None if award.per is None else _changed(award.per, change)
        award = Cash(amount, award.combination, per)
    dated = None if rule.dated is None else _changed(rule.dated, change)
    return evolve(rule, requirements=requirements, award=award, dated=dated)


def _changed(node: Node, change: Callable[[object], object]) -> Node:
    return cast("Node", rewritten(cast("Any", node), change))


def _differs(condition: Condition) -> bool:
    """Whether a condition is not the same in all rules of a shape."""
    facts = (each for each in walk(condition) if isinstance(each, Fact))
    return any(fact.scope == PARAMETERS for fact in facts)


def _keys(rule: Rule) -> Iterator[tuple[Fact, str]]:
    """Facts of a row, with the names of the values that they must equal."""
    for comparison, fact, value in _compared(rule):
        if comparison is Comparison.EQ and fact.kind in _JOINED:
            yield fact, value


def _ranges(rule: Rule, scales: Mapping[str, Fraction]) -> Iterator[tuple[Fact, Range]]:
    """Facts of a row, with the names of the values between which they must lie."""
    ends: dict[Fact, dict[bool, str]] = {}
    for comparison, fact, value in _compared(rule):
        is_low = comparison in {Comparison.GE, Comparison.GT}
        is_end = is_low or comparison in {Comparison.LE, Comparison.LT}
        plain = fact.scale == 1 and scales[value] == 1
        if is_end and plain and fact.kind in _RANGED:
            ends.setdefault(fact, {}).setdefault(is_low, value)
    for fact, found in ends.items():
        if len(found) == 2:  # noqa: PLR2004  # both ends
            yield fact, Range(found[True], found[False])


def _compared(rule: Rule) -> Iterator[tuple[Comparison, Fact, str]]:
    """Facts of a row that are compared with a value in which the rules differ."""
    scopes = {"", "" if rule.each is None else rule.each.binder}
    for requirement in rule.requirements:
        for each in conjuncts(requirement.condition):
            match each:
                case Compare(comparison, Fact() as fact, Fact() as value):
                    if fact.scope == PARAMETERS:
                        fact, value = value, fact
                        comparison = _TURNED.get(comparison, comparison)
                    if fact.scope in scopes and value.scope == PARAMETERS:
                        yield comparison, fact, value.name
                case _:
                    pass


_TURNED = {
    Comparison.LT: Comparison.GT,
    Comparison.GT: Comparison.LT,
    Comparison.LE: Comparison.GE,
    Comparison.GE: Comparison.LE,
}
