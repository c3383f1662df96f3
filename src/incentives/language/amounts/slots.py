"""The keys of one word for a value, each of which takes an expression or such a word."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import frozen

from ...errors import Place
from ...ir import Constant, Fact, Greatest, Kind, Term
from ...ir_kinds import kind_of, unit_of
from ...units import NO_UNIT, Unit, unit_words
from ..expressions.scope import Context
from ..expressions.terms import MEASURES, named
from ..keys import Keys, as_mapping
from ..nodes import Node, Problems
from .possible import possible

#: How any value is read: an expression, or a mapping with a word for values.
Read = Callable[[Node, Context, Kind | None], Term | None]


@frozen
class Slots:
    """
    The keys of one mapping, what they are read with, and how values in them are read.

    ``points`` are what bonuses add to a rate.
    """

    keys: Keys
    context: Context
    read: Read
    points: tuple[Term, ...] = ()

    @property
    def problems(self) -> Problems:
        """Where mistakes are told."""
        return self.context.problems

    def at(self, key: str) -> Place:
        """Where the value of a key stands."""
        return self.keys.node.at(key)

    def value(
        self, key: str, kind: Kind | None, *, required: bool = False
    ) -> Term | None:
        """The value under a key, or None; with a diagnostic where it is required."""
        node = self.keys.get(key, required=required)
        return None if node is None else self.read(node, self.context, kind)

    def measure(self, key: str, *, required: bool = False) -> Term | None:
        """The amount, number or rate under a key."""
        found = self.value(key, None, required=required)
        if found is None or self.is_measure(found, self.at(key)):
            return found
        return None

    def is_measure(self, term: Term, place: Place) -> bool:
        """Whether a term can be added and multiplied, with a diagnostic if not."""
        if kind_of(term) in MEASURES:
            return True
        said = f"expected an amount, a number or a rate, got {named(kind_of(term))}"
        self.problems.add("kind-mismatch", said, place)
        return False

    def is_like(self, model: Term, term: Term, place: Place) -> bool:
        """Whether a term has the kind and the unit of another, with a diagnostic."""
        if kind_of(term) is not kind_of(model):
            said = f"expected {named(kind_of(model))}, got {named(kind_of(term))}"
            self.problems.add("kind-mismatch", said, place)
            return False
        return self.is_in(unit_of(model), term, place)

    def is_in(self, unit: Unit, term: Term, place: Place) -> bool:
        """Whether a term is measured in a unit, with a diagnostic if not."""
        if unit_of(term) == unit:
            return True
        kind = kind_of(term)
        said = f"expected {measured(unit, kind)}, got {measured(unit_of(term), kind)}"
        help_ = "write both in one unit" if unit else None
        self.problems.add("mixed-units", said, place, help_)
        return False

    def like(self, key: str, model: Term, *, required: bool = False) -> Term | None:
        """The value under a key, of the kind and in the unit of another."""
        found = self.value(key, kind_of(model), required=required)
        if found is None or not self.is_in(unit_of(model), found, self.at(key)):
            return None
        return found

    def inner(self, key: str, allowed: tuple[str, ...]) -> "Slots | None":
        """The keys of the mapping under a key."""
        body = self.keys.mapping(key)
        if body is None:
            return None
        what = repr(self.keys.shown(key))
        return self.over(Keys(body, allowed, self.problems, what))

    def items(
        self, key: str, what: str, allowed: tuple[str, ...], *, empty: str
    ) -> "Iterator[Slots]":
        """The keys of each mapping in the list under a key; `what` each of them is."""
        for item in self.keys.items(key, empty=empty):
            body = as_mapping(item, self.problems, what)
            if body is not None:
                yield self.over(Keys(body, allowed, self.problems, what))

    def over(self, keys: Keys) -> "Slots":
        """The same with other keys."""
        return Slots(keys, self.context, self.read)


def measured(unit: Unit, kind: Kind) -> str:
    """
    What a value is measured in, in the words of a message.

    >>> measured((("平方米", -1),), Kind.MONEY), measured((), Kind.NUMBER)
    ("'元/平方米'", 'a value without a unit')
    """
    words = unit_words(unit)
    if kind is Kind.MONEY:
        return repr(f"元{'·' if words and words[0] != '/' else ''}{words}")
    return repr(words) if words else "a value without a unit"


def nothing(kind: Kind, unit: Unit = NO_UNIT) -> Constant:
    """Zero of a kind."""
    return Constant(0 if kind is Kind.MONEY else Fraction(0), kind, unit)


def not_below_nothing(term: Term) -> Term:
    """A term that counts as nothing where it is less; most facts never are."""
    low = possible(term).low
    if low is not None and low >= 0 and isinstance(term, Fact | Constant):  # type: ignore[operator]  # a measure
        return term
    return Greatest((nothing(kind_of(term), unit_of(term)), term))


def whole() -> Constant:
    """All of an amount, as a rate."""
    return Constant(Fraction(1), Kind.RATE)
