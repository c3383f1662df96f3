"""Lines of Python that are being written: what they leave in a variable."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import assert_never

import attrs

from attrs import field, frozen

from ..ir import (
    Add,
    Arithmetic,
    Exists,
    Extreme,
    Fact,
    Greatest,
    Least,
    Multiply,
    Negate,
    Quotient,
    Sum,
    Value,
)
from ..ir_walk import walk
from ..known import Known


@frozen
class Ratio:
    """
    A term as a whole number divided by another: no fraction has to be made of it.

    ``over`` is an expression of whole numbers once ``lines`` have run and if all of
    ``names`` are such, and ``under`` is what it is divided by. Otherwise ``rest`` are
    the lines that follow to the term itself.
    """

    lines: tuple[str, ...]
    names: tuple[str, ...]
    over: str
    under: int = 1
    rest: tuple[str, ...] = ()

    def times(self, factor: int) -> str:
        """The numerator, made larger."""
        return self.over if factor == 1 else f"{factor} * ({self.over})"


@frozen
class Code:
    """
    Lines that leave what a node comes to in a variable.

    ``sure`` is whether that is always a value, never one that is known in part;
    ``partly`` is what is known in part in any case, ``constant`` the value itself where
    it is written in the rule, and ``ratio`` another way to the same; ``fresh`` is how a
    fact is read, and what is known where it is not given. ``leaves`` are the variables of the
    propositions that a condition is made of, and ``reads`` those of the facts that the
    lines have read in any case.
    """

    lines: tuple[str, ...]
    name: str
    sure: bool = False
    partly: Known | None = None
    leaves: tuple[str, ...] = ()
    reads: tuple[tuple[Fact, str], ...] = ()
    constant: Value | None = None
    fresh: tuple[str, str] | None = None
    ratio: Ratio | None = None

    @property
    def whole(self) -> Ratio:
        """The ratio of which the value itself is the numerator."""
        return Ratio(self.lines, (self.name,), self.name)


def indented(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"    {line}" for line in lines)


class AmbiguousBinderError(Exception):
    """One name stands for records of several lists: such a rule is not compiled."""


@frozen
class Names:
    """The variables of a function, and the constants that it refers to."""

    constants: dict[str, object] = field(factory=dict)
    counter: list[int] = field(factory=lambda: [0])

    def new(self, stem: str) -> str:
        """A variable that no other line uses."""
        self.counter[0] += 1
        return f"{stem}{self.counter[0]}"

    def constant(self, value: object) -> str:
        """The name of a constant."""
        name = self.new("K")
        self.constants[name] = value
        return name


def binders_of(nodes: Iterable[attrs.AttrsInstance]) -> dict[str, str]:
    """The list for whose records each name stands."""
    found: dict[str, str] = {}
    for node in nodes:
        for each in walk(node):
            if isinstance(each, Sum | Extreme | Exists):
                add_binder(found, each.binder, each.records)
    return found


def add_binder(found: dict[str, str], binder: str, records: str) -> None:
    """Raises :class:`AmbiguousBinderError` where it stands for another list."""
    if found.setdefault(binder, records) != records:
        raise AmbiguousBinderError(binder)


# --- expressions and tests ----------------------------------------------------------


def ratio_of(
    node: Arithmetic, terms: tuple[Code, ...], last: tuple[str, ...]
) -> Ratio | None:
    """A share of a whole number, or the least or the greatest with such a share."""
    match node:
        case Multiply():
            pairs = (terms, terms[::-1])
            shares = [(by.constant, of) for by, of in pairs if of.constant is None]
            for by, of in shares:
                if isinstance(by, Fraction) and by.denominator > 1:
                    over = f"{by.numerator} * {of.name}"
                    return Ratio(of.lines, (of.name,), over, by.denominator, last)
            return None
        case Least() | Greatest() if any(term.ratio for term in terms):
            ratios = [term.ratio or term.whole for term in terms]
            if any(isinstance(term.constant, Fraction) for term in terms):
                return None
            under = lcm(*(each.under for each in ratios))
            listed = (each.times(under // each.under) for each in ratios)
            return Ratio(
                tuple(line for each in ratios for line in each.lines),
                tuple(name for each in ratios for name in each.names),
                f"{'min' if isinstance(node, Least) else 'max'}({', '.join(listed)})",
                under,
                (*(line for each in ratios for line in each.rest), *last),
            )
        case _:
            return None


def tested(name: str, terms: Sequence[Code], fast: str, slow: str) -> tuple[str, ...]:
    """A test of terms, of which those that are not sure may be known in part."""
    lines = tuple(line for term in terms for line in term.lines)
    unsure = [term for term in terms if not term.sure]
    if len(terms) - len(unsure) == sum(not term.lines for term in terms):
        fresh = [term.fresh for term in unsure if term.fresh is not None]
        if len(fresh) == len(unsure) == 1:
            # It was read just now: where it says something, all is known.
            read, unless = fresh[0]
            return (
                read,
                f"if {unsure[0].name} is None:",
                f"    {unsure[0].name} = {unless}",
                f"    {name} = {slow}",
                f"else: {name} = {fast}",
            )
    names = [term.name for term in unsure]
    value = f"({fast}) if {all_sure(names)} else {slow}" if names else fast
    return (*lines, f"{name} = {value}")


def joined(so_far: str, part: str, decisive: str, neutral: str) -> str:
    """A connective of what was found so far and one more part."""
    return (
        f"{part} if {so_far} is {neutral} or {part} is {decisive} "
        f"else {so_far} if {part} is {neutral} else {so_far} | {part}"
    )


def reads_of(parts: Iterable[Code]) -> tuple[tuple[Fact, str], ...]:
    return tuple(read for part in parts for read in part.reads)


def all_sure(names: Iterable[str]) -> str:
    tests = [f"{name}.__class__ is not Known" for name in dict.fromkeys(names)]
    return " and ".join(tests) or "True"


def operation(
    node: Add | Negate | Multiply | Quotient | Least | Greatest, parts: list[str]
) -> str:
    listed = ", ".join(parts)
    match node:
        case Add():
            return " + ".join(parts) if parts else "0"
        case Negate():
            return f"-{parts[0]}"
        case Multiply():
            return f"{parts[0]} * {parts[1]}"
        case Quotient():
            left, right, otherwise = parts
            return f"{left} * (1 / Fraction({right})) if {right} else {otherwise}"
        case Least():
            return f"min(({listed},))"
        case Greatest():
            return f"max(({listed},))"
        case _:
            assert_never(node)
