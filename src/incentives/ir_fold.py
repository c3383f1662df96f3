"""The fold over the kernel: what each node means to one reader."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar, assert_never

from .ir import (
    Add,
    All,
    Any,
    Arithmetic,
    AsOf,
    Choose,
    Compare,
    Condition,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Fact,
    Figure,
    Greatest,
    Holds,
    InCalendar,
    Leaf,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Shift,
    Sum,
    Term,
    Uncertain,
)

C = TypeVar("C")


T = TypeVar("T")


class Algebra(ABC, Generic[C, T]):
    """
    What each node means to one reader: an engine, the wording, a check.

    A method gets the node and the meanings of its children, in the node's order.
    """

    @abstractmethod
    def leaf(self, node: Leaf) -> T: ...

    @abstractmethod
    def figure(self, node: Figure, year: T) -> T: ...

    @abstractmethod
    def arithmetic(self, node: Arithmetic, terms: tuple[T, ...]) -> T: ...

    @abstractmethod
    def function(self, node: Round | Shift | InCalendar, term: T) -> T: ...

    @abstractmethod
    def choose(
        self, node: Choose, branches: tuple[tuple[C, T], ...], otherwise: T
    ) -> T: ...

    @abstractmethod
    def lookup(self, node: Lookup, keys: tuple[T, ...], otherwise: T) -> T: ...

    @abstractmethod
    def total(self, node: Sum, where: C, term: T) -> T: ...

    @abstractmethod
    def extreme(self, node: Extreme, where: C, term: T, otherwise: T) -> T: ...

    @abstractmethod
    def holds(self, node: Holds, term: T) -> C: ...

    @abstractmethod
    def compare(self, node: Compare, left: T, right: T) -> C: ...

    @abstractmethod
    def member(self, node: Member, terms: tuple[T, ...]) -> C: ...

    @abstractmethod
    def connective(self, node: All | Any | Not, parts: tuple[C, ...]) -> C: ...

    @abstractmethod
    def exists(self, node: Exists, where: C) -> C: ...

    def condition(self, node: Condition) -> C:
        """The meaning of a condition."""
        match node:
            case Holds():
                return self.holds(node, self.term(node.term))
            case Compare():
                return self.compare(node, self.term(node.left), self.term(node.right))
            case Member():
                return self.member(node, tuple(map(self.term, node.terms)))
            case All() | Any():
                return self.connective(node, tuple(map(self.condition, node.parts)))
            case Not():
                return self.connective(node, (self.condition(node.part),))
            case Exists():
                return self.exists(node, self.condition(node.where))
            case _:
                assert_never(node)

    def term(self, node: Term) -> T:  # noqa: C901, PLR0912  # one line for every node
        """The meaning of a term."""
        match node:
            case Constant() | Fact() | AsOf() | Uncertain() | Entitlement():
                return self.leaf(node)
            case Figure():
                return self.figure(node, self.term(node.year))
            case Add() | Least() | Greatest():
                return self.arithmetic(node, tuple(map(self.term, node.terms)))
            case Negate():
                return self.arithmetic(node, (self.term(node.term),))
            case Multiply():
                both = (self.term(node.left), self.term(node.right))
                return self.arithmetic(node, both)
            case Quotient():
                parts = (node.left, node.right, node.otherwise)
                return self.arithmetic(node, tuple(map(self.term, parts)))
            case Elapsed():
                days = (self.term(node.start), self.term(node.end))
                return self.arithmetic(node, days)
            case Round() | Shift() | InCalendar():
                return self.function(node, self.term(node.term))
            case Choose():
                branches = tuple(
                    (self.condition(branch.condition), self.term(branch.term))
                    for branch in node.branches
                )
                return self.choose(node, branches, self.term(node.otherwise))
            case Lookup():
                keys = tuple(map(self.term, node.keys))
                return self.lookup(node, keys, self.term(node.otherwise))
            case Sum():
                where = self.condition(node.where)
                return self.total(node, where, self.term(node.term))
            case Extreme():
                where = self.condition(node.where)
                term = self.term(node.term)
                return self.extreme(node, where, term, self.term(node.otherwise))
            case _:
                assert_never(node)
