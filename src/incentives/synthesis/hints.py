"""What a rule book compares facts with: the values at which its answers change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from attrs import AttrsInstance, field, frozen

from ..book import RuleBook
from ..dates import FIRST_DAY, LAST_DAY
from ..ir import Compare, Constant, Fact, Kind, Lookup, Member, Negate, Uncertain, Value
from ..ir_walk import walk
from ..policy import Rule
from ..vocabulary import SubjectDeclaration

#: A fact by its list, empty for the subject itself, and its name.
Key = tuple[str, str]
#: Facts of one record that a table names together, and its rows.
Pairs = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


@frozen
class Hints:
    """
    What the rules for one kind of subject say of values, sorted.

    ``values`` are those that a fact is compared with (money in fen, numbers exact),
    ``pairs`` the tables of facts that belong together, ``figures`` what a table says of
    a text in numbers, ``less`` the facts that are taken away from others, and ``days``
    all days that the rules name.
    """

    values: Mapping[Key, tuple[Any, ...]]
    pairs: tuple[Pairs, ...]
    figures: Mapping[Value, Fraction]
    less: frozenset[Key]
    days: tuple[date, ...]
    first: date
    last: date

    def known(self, key: Key) -> tuple[Any, ...]:
        """The values of a text, or of one of the same name elsewhere."""
        if key in self.values:
            return self.values[key]
        alike = (found for other, found in self.values.items() if other[1] == key[1])
        return next(alike, ())

    @property
    def middle(self) -> date:
        """The day halfway through the time that the rules are about."""
        return self.first + (self.last - self.first) // 2


def hints_of(book: RuleBook, kind: str) -> Hints:
    """What the rules for one kind of subject, and the groups of a book, say of values."""
    seen = _Seen(book.vocabulary[kind])
    rules = [rule for rule in book if rule.subject == kind]
    for rule in rules:
        seen.rule(rule)
    for group in book.groups:
        seen.node(group)
    first = min((rule.window.earliest for rule in rules), default=date(2025, 1, 1))
    last = max((rule.window.last for rule in rules), default=date(2026, 12, 31))
    return Hints(
        {
            key: tuple(sorted(found))
            for key, found in sorted(seen.values.items())
            if found
        },
        tuple((names, tuple(sorted(rows))) for names, rows in seen.pairs.items()),
        seen.figures,
        frozenset(seen.less),
        tuple(sorted(day for day in seen.days if FIRST_DAY < day < LAST_DAY)),
        first,
        min(last, LAST_DAY - timedelta(days=366)),
    )


@frozen(eq=False)
class _Seen:
    """Collects what nodes say."""

    declared: SubjectDeclaration
    values: dict[Key, set[Any]] = field(factory=lambda: defaultdict(set))
    pairs: dict[tuple[str, ...], set[tuple[str, ...]]] = field(
        factory=lambda: defaultdict(set)
    )
    figures: dict[Value, Fraction] = field(factory=dict)
    less: set[Key] = field(factory=set)
    days: set[date] = field(factory=set)

    def rule(self, rule: Rule) -> None:
        window = rule.window
        days = (window.first, window.last, window.earliest, window.latest)
        self.days.update(day for day in days if day is not None)
        self.node(rule)
        self._amounts(list(walk(rule)))

    def node(self, root: AttrsInstance) -> None:
        for node in walk(root):
            match node:
                case Member(terms, rows):
                    self._rows(terms, rows)
                case Lookup(keys=keys, rows=table):
                    self._rows(keys, table)
                    self._figures(table)
                case Compare(_, left, right):
                    self._compared(left, right)
                    self._compared(right, left)
                case Negate(term):
                    self.less.update(self._key(fact) for fact in _facts(term))
                case Constant(kind=Kind.DATE) | Uncertain():
                    self.days.update(_days(node))
                case _:
                    pass

    def _key(self, fact: Fact) -> Key:
        records = self.declared.by_binder(fact.scope) if fact.scope else None
        return (fact.scope if records is None else records.records, fact.name)

    def _rows(self, terms: tuple[Any, ...], rows: Iterable[tuple[Value, ...]]) -> None:
        for place, term in enumerate(terms):
            if isinstance(term, Fact):
                self.values[self._key(term)].update(row[place] for row in rows)
        facts = [term for term in terms if isinstance(term, Fact)]
        texts = all(fact.kind is Kind.TEXT for fact in facts)
        if len(facts) == len(terms) > 1 and texts:
            names = tuple(fact.name for fact in facts)
            self.pairs[names].update(tuple(map(str, row)) for row in rows)

    def _figures(self, rows: Mapping[tuple[Value, ...], Value]) -> None:
        for row, value in rows.items():
            if isinstance(value, bool) or not isinstance(value, int | Fraction):
                continue
            if len(row) == 1 and value > 0:
                self.figures.setdefault(row[0], Fraction(value))

    def _compared(self, left: Any, right: Any) -> None:
        for fact in _facts(left):
            for node in walk(right):
                if isinstance(node, Constant) and node.kind is fact.kind:
                    self.values[self._key(fact)].add(_own(node.value, fact))
                if isinstance(node, Uncertain) and fact.kind is Kind.DATE:
                    self.values[self._key(fact)].update(_days(node))

    def _amounts(self, nodes: list[Any]) -> None:
        """Every amount of a rule, and every cap divided by a rate of the rule."""
        constants = [n for n in nodes if isinstance(n, Constant)]
        facts = {n for n in nodes if isinstance(n, Fact)}
        rates = [_exact(n.value) for n in constants if n.kind is Kind.RATE and n.value]
        for fact in facts:
            if fact.kind not in {Kind.MONEY, Kind.NUMBER}:
                continue
            same = {
                _own(n.value, fact)
                for n in constants
                if n.kind is fact.kind and n.unit == fact.unit
            }
            found = self.values[self._key(fact)]
            found.update(same)
            if fact.kind is Kind.MONEY:
                found.update(_exact(v) / abs(rate) for v in same for rate in rates)


def _facts(term: Any) -> Iterator[Fact]:
    return (node for node in walk(term) if isinstance(node, Fact))


def _days(node: Any) -> Iterator[date]:
    found = (node.low, node.high) if isinstance(node, Uncertain) else (node.value,)
    return (day for day in found if isinstance(day, date))


def _exact(value: Any) -> Fraction:
    return Fraction(value)


def _own(value: Value, fact: Fact) -> Value:
    """A value of the kernel in the unit of a fact: money in fen, numbers exact."""
    if fact.kind in {Kind.MONEY, Kind.NUMBER}:
        return _exact(value) / fact.scale
    return value
