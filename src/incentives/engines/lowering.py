"""
Kernel nodes as lines of Python, by the same fold as every other meaning.

A node becomes lines that leave its value in a variable. While everything is known the
lines are plain operators; what is known in part goes to :mod:`.runtime`.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import assert_never

import attrs

from attrs import field, frozen

from ..facts import core_vocabulary
from ..ir import (
    All,
    Any,
    Arithmetic,
    AsOf,
    Choose,
    Compare,
    Comparison,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Fact,
    Figure,
    Holds,
    InCalendar,
    Kind,
    Leaf,
    Lookup,
    Member,
    Not,
    Round,
    Shift,
    Sum,
    Uncertain,
)
from ..ir_fold import Algebra
from ..known import Known, between
from . import runtime
from .code import (
    Code,
    Names,
    Ratio,
    all_sure,
    indented,
    joined,
    operation,
    ratio_of,
    reads_of,
    tested,
)
from .meanings import REFERENCE, SPANS, arithmetic_of, function_of

_PLAIN_KINDS = frozenset({Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.YEAR})


@cache
def _core(subject: str, records: str) -> frozenset[str]:
    """The facts of a subject, or of the records of a list, that are attributes."""
    known = core_vocabulary()[subject]
    if not records:
        return frozenset({*known.facts, *known.records})
    declared = known.records.get(records)
    return frozenset() if declared is None else frozenset(declared.fields)


_TESTS: Mapping[Comparison, str] = {
    Comparison.EQ: "==",
    Comparison.NE: "!=",
    Comparison.LT: "<",
    Comparison.LE: "<=",
    Comparison.GT: ">",
    Comparison.GE: ">=",
}


#: Against what lies between two ends: when it is met in any case, and when unmet.
_AGAINST: Mapping[Comparison, tuple[tuple[str, str], tuple[str, str]]] = {
    Comparison.LT: (("<", "low"), (">=", "high")),
    Comparison.LE: (("<=", "low"), (">", "high")),
    Comparison.GT: ((">", "high"), ("<=", "low")),
    Comparison.GE: ((">=", "high"), ("<", "low")),
}


@frozen
class Lowering(Algebra[Code, Code]):
    """
    Every node of the kernel as lines of Python, for one kind of subject.

    ``rebound`` are the names of records that stand for others inside of a list;
    ``available`` are the variables of facts that have been read by now.
    """

    subject: str
    binders: Mapping[str, str]
    rebound: frozenset[str]
    names: Names
    available: dict[Fact, str] = field(factory=dict)

    # --- variables -----------------------------------------------------------------

    def record(self, scope: str) -> str:
        """The variable of the record that a name stands for."""
        return f"r{self._number(scope)}" if scope else "s"

    def place(self, scope: str) -> str:
        """The variable of the place of a record in its list."""
        return f"p{self._number(scope)}"

    def _number(self, scope: str) -> int:
        return list(self.binders).index(scope)

    def _path(self, scope: str) -> str:
        return f"at({self.binders[scope]!r}, {self.place(scope)})"

    def read(self, scope: str, name: str) -> str:
        """An expression that reads a fact of a record."""
        record = self.record(scope)
        core = _core(self.subject, self.binders[scope] if scope else "")
        if name in core:
            return f"{record}.{name}"
        # A subject is no single value of a plain list, which only `further` knows.
        read = "further" if scope else "_by_name.get"
        return f"{record}.{read}({name!r})"

    def _constant(self, value: object) -> str:
        return self.names.constant(value)

    def _world(self) -> str:
        """The arguments of which :func:`runtime.asked` makes a world."""
        if not self.binders:
            return "s, day, due"
        bounds = ", ".join(f"{self.record(s)}, {self._path(s)}" for s in self.binders)
        return f"s, day, due, {tuple(self.binders)!r}, {bounds}"

    # --- terms ---------------------------------------------------------------------

    def leaf(self, node: Leaf) -> Code:
        match node:
            case Constant():
                name = self._constant(node.value)
                return Code((), name, sure=True, constant=node.value)
            case AsOf():
                return Code((), "day", sure=True)
            case Uncertain():
                cause = frozenset({node.cause})
                known = runtime.some_of(between(node.low, node.high, cause))
                if isinstance(known, Known):
                    return Code((), self._constant(known), partly=known)
                return Code((), self._constant(known), sure=True)
            case Entitlement():
                name = self.names.new("t")
                return Code((f"{name} = some_of(due[{node.rule!r}])",), name)
            case Fact():
                return self._fact(node)
            case _:
                assert_never(node)

    def _fact(self, node: Fact) -> Code:
        closed = not node.scope and node.default is not None
        if node in self.available and node.scope not in self.rebound:
            return Code((), self.available[node], sure=closed)
        name, record = self.names.new("t"), self.record(node.scope)
        read = self.read(node.scope, node.name)
        if node.scope:
            unless = (
                f"absent({self._constant(node)}, {record}, {self._path(node.scope)})"
            )
            if node.default is not None:
                silent = self._constant(node.default)
                unless = f"{silent} if {record} is not NOBODY else {unless}"
            lines = [f"{name} = {read}"]
        else:
            missing = Known(node.low, node.high, frozenset({node.name}))
            unless = self._constant(missing if node.default is None else node.default)
            lines = [f"{name} = {read}"]
        fresh = (lines[0], unless)
        lines.append(f"if {name} is None: {name} = {unless}")
        if node.kind in _PLAIN_KINDS and node.default is None:
            code = Code(tuple(lines), name, reads=((node, name),))
            return attrs.evolve(code, fresh=fresh)
        if node.kind is Kind.MONEY and node.scale == 1:
            lines.append(
                f"elif {name}.__class__ is Decimal: {name} = int({name} * 100)"
            )
        elif node.kind not in _PLAIN_KINDS:
            scale = "None" if node.scale == 1 else self._constant(node.scale)
            kind = self._constant(node.kind)
            lines.append(f"else: {name} = inner({name}, {kind}, {scale})")
        return Code(tuple(lines), name, sure=closed, reads=((node, name),))

    def figure(self, node: Figure, year: Code) -> Code:
        name, fact = self.names.new("t"), self._constant(node)
        work = self._constant(REFERENCE.term(node))
        return Code(
            (
                *year.lines,
                f"{name} = figure({fact}, {year.name}, {self.record(node.fact.scope)})",
                f"if {name} is None: {name} = asked({work}, {self._world()})",
            ),
            name,
            reads=year.reads,
        )

    def arithmetic(self, node: Arithmetic, terms: tuple[Code, ...]) -> Code:
        name = self.names.new("t")
        parts = [term.name for term in terms]
        listed = ", ".join(parts)
        before = tuple(line for term in terms for line in term.lines)
        if isinstance(node, Elapsed):
            work = self._constant(REFERENCE.term(node))
            span = self._constant(SPANS[node.span])
            spanned = (
                f"if is_span({listed}): {name} = {span}({listed})",
                f"else: {name} = asked({work}, {self._world()})",
            )
            return Code((*before, *spanned), name, reads=reads_of(terms))
        fast = f"{name} = {operation(node, parts)}"
        unsure = [term.name for term in terms if not term.sure]
        lines: tuple[str, ...] = (fast,)
        if unsure:
            compute = self._constant(arithmetic_of(node))
            slow = f"else: {name} = computed({compute}, {listed})"
            lines = (f"if {all_sure(unsure)}: {fast}", slow)
        ratio = ratio_of(node, terms, lines)
        return Code(
            (*before, *lines) if ratio is None else (*ratio.lines, *ratio.rest),
            name,
            sure=not unsure,
            reads=reads_of(terms),
            ratio=ratio,
        )

    def function(self, node: Round | Shift | InCalendar, term: Code) -> Code:
        name, compute = self.names.new("t"), self._constant(function_of(node))
        fast = f"{name} = {compute}({term.name})"
        if term.sure:
            return Code((*term.lines, fast), name, sure=True, reads=term.reads)
        slow = f"{name} = applied({compute}, {term.name})"
        last = (f"if {term.name}.__class__ is Known: {slow}", f"else: {fast}")
        lines = (*term.lines, *last)
        if isinstance(node, Round) and term.ratio is not None:
            lines = self._rounded(node, term.ratio, name, last)
        return Code(lines, name, reads=term.reads)

    def _rounded(
        self, node: Round, ratio: Ratio, name: str, last: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Whole numbers rounded without a fraction, where all are known."""
        if not isinstance(node.unit, int):
            return (*ratio.lines, *ratio.rest, *last)
        every = dict.fromkeys(each for each in ratio.names if each[0] != "K")
        tests = " and ".join(f"{each}.__class__ is int" for each in every)
        said = f"{ratio.over}, {ratio.under * node.unit}, {self._constant(node.mode)}"
        unit = f" * {node.unit}" if node.unit > 1 else ""
        return (
            *ratio.lines,
            f"if {tests or 'True'}: {name} = nearest({said}){unit}",
            "else:",
            *indented((*ratio.rest, *last)),
        )

    def choose(
        self, node: Choose, branches: tuple[tuple[Code, Code], ...], otherwise: Code
    ) -> Code:
        name, reached = self.names.new("t"), self.names.new("l")
        lines = [f"{name} = {reached} = None"]
        for condition, term in branches:
            pair = f"({condition.name}, {term.name})"
            body = [
                *condition.lines,
                f"if {condition.name} is not False:",
                *indented(term.lines),
                f"    if {condition.name} is True: {name} = {term.name}",
                f"    else: {reached} = [*({reached} or ()), {pair}]",
            ]
            lines += [f"if {name} is None:", *indented(body)]
        lines += [
            f"if {name} is None:",
            *indented((*otherwise.lines, f"{name} = {otherwise.name}")),
            f"if {reached} is not None: {name} = chosen({reached}, {name})",
        ]
        first = branches[0][0].reads if branches else ()
        return Code(tuple(lines), name, reads=first)

    def lookup(self, node: Lookup, keys: tuple[Code, ...], otherwise: Code) -> Code:
        name = self.names.new("t")
        rows, table = self._constant(node.rows), self._constant(node)
        row = f"({', '.join(key.name for key in keys)},)"
        unsure = [key.name for key in keys if not key.sure]
        lines = [line for key in keys for line in key.lines]
        lines += [
            f"{name} = {rows}.get({row}) if {all_sure(unsure)} else None",
            f"if {name} is None:",
            *indented(otherwise.lines),
            f"    {name} = {otherwise.name}",
        ]
        if unsure:
            slow = f"{name} = looked_up({table}, {row}, {otherwise.name})"
            lines.append(f"    if not ({all_sure(unsure)}): {slow}")
        return Code(tuple(lines), name, reads=reads_of(keys))

    def total(self, node: Sum, where: Code, term: Code) -> Code:
        name, odd = self.names.new("t"), self.names.new("l")
        counts = f"{where.name} is True and {term.name}.__class__ is not Known"
        body = (
            *where.lines,
            f"if {where.name} is not False:",
            *indented(term.lines),
            f"    if {counts}: {name} += {term.name}",
            f"    else: {odd} = [*({odd} or ()), counted({where.name}, {term.name})]",
        )
        ghost = f"any_number({term.name}, {node.at_most!r}, {node.records!r})"
        unknown = f"{name} = 0 if {where.name} is False else {ghost}"
        after = (
            f"if {self._rows(node)} is GHOST: {unknown}",
            f"elif {odd} is not None: {name} = added({name}, {odd})",
        )
        return Code(
            (f"{name} = 0", f"{odd} = None", *self._loop(node, body, after)), name
        )

    def extreme(self, node: Extreme, where: Code, term: Code, otherwise: Code) -> Code:
        name, work = self.names.new("t"), self._constant(REFERENCE.term(node))
        return Code((f"{name} = asked({work}, {self._world()})",), name)

    # --- records -------------------------------------------------------------------

    def _rows(self, node: Sum | Exists) -> str:
        return f"a{self._number(node.binder)}"

    def _loop(
        self, node: Sum | Exists, body: Iterable[str], after: Iterable[str]
    ) -> tuple[str, ...]:
        """Lines for every record of a list; the names are given back afterwards."""
        rows, record = self._rows(node), self.record(node.binder)
        place = self.place(node.binder)
        kept = self.names.new("k")
        return (
            f"{kept} = {rows}, {record}, {place}",
            f"{rows} = {self.read('', node.records)}",
            f"if {rows} is None: {rows} = GHOST",
            f"{place} = -2 if {rows} is GHOST else -1",
            f"for {record} in {rows}:",
            f"    {place} += 1",
            *indented(body),
            *after,
            f"{rows}, {record}, {place} = {kept}",
        )

    # --- conditions ----------------------------------------------------------------

    @staticmethod
    def _found(lines: Iterable[str], name: str, terms: Iterable[Code] = ()) -> Code:
        return Code(tuple(lines), name, leaves=(name,), reads=reads_of(terms))

    def holds(self, node: Holds, term: Code) -> Code:
        name = self.names.new("c")
        if term.fresh is not None:
            slow = f"holding({term.name})"
            return self._found(tested(name, [term], term.name, slow), name, [term])
        value = (
            f"{term.name} if {term.name}.__class__ is bool else holding({term.name})"
        )
        return self._found((*term.lines, f"{name} = {value}"), name, [term])

    def compare(self, node: Compare, left: Code, right: Code) -> Code:
        name = self.names.new("c")
        sides = [left, right]
        fast = f"{left.name} {_TESTS[node.comparison]} {right.name}"
        if right.partly is not None and left.partly is None:
            between_ends = self._against(node.comparison, left.name, right.partly)
            if between_ends is not None:
                fast, sides = between_ends, [left]
        comparison = self._constant(node.comparison)
        slow = f"compares({comparison}, {left.name}, {right.name})"
        lines = tested(name, sides, fast, slow)
        return self._found(lines, name, (left, right))

    def _against(self, comparison: Comparison, left: str, right: Known) -> str | None:
        """A value compared with what is known to lie between two ends."""
        if comparison not in _AGAINST:
            return None
        met, unmet = _AGAINST[comparison]
        ends = {"low": self._constant(right.low), "high": self._constant(right.high)}
        missing = self._constant(right.missing)
        return (
            f"True if {left} {met[0]} {ends[met[1]]} else "
            f"False if {left} {unmet[0]} {ends[unmet[1]]} else {missing}"
        )

    def member(self, node: Member, terms: tuple[Code, ...]) -> Code:
        name, rows = self.names.new("c"), self._constant(node.rows)
        parts = [term.name for term in terms]
        fast = f"({', '.join(parts)},) in {rows}"
        if len(parts) == 1:
            alone = frozenset(row for (row,) in node.rows)
            fast = f"{parts[0]} in {self._constant(alone)}"
            if len(alone) == 1:
                fast = f"{parts[0]} == {self._constant(*alone)}"
        slow = f"among({rows}, {', '.join(parts)})"
        return self._found(tested(name, terms, fast, slow), name, terms)

    def connective(self, node: All | Any | Not, parts: tuple[Code, ...]) -> Code:
        name = self.names.new("c")
        leaves = tuple(leaf for part in parts for leaf in part.leaves)
        if isinstance(node, Not):
            (part,) = parts
            turned = (
                f"not {part.name} if {part.name}.__class__ is bool else {part.name}"
            )
            turning = (*part.lines, f"{name} = {turned}")
            return Code(turning, name, leaves=leaves, reads=part.reads)
        decisive = "False" if isinstance(node, All) else "True"
        neutral = "True" if isinstance(node, All) else "False"
        if not parts:
            return Code((f"{name} = {neutral}",), name)
        lines = [*parts[0].lines, f"{name} = {parts[0].name}"]
        for part in parts[1:]:
            lines += [
                f"if {name} is not {decisive}:",
                *indented(part.lines),
                f"    {name} = {joined(name, part.name, decisive, neutral)}",
            ]
        # Only the first part is looked at in any case.
        return Code(tuple(lines), name, leaves=leaves, reads=parts[0].reads)

    def exists(self, node: Exists, where: Code) -> Code:
        name = self.names.new("c")
        body = (
            *where.lines,
            f"{name} = {joined(name, where.name, 'True', 'False')}",
            f"if {name} is True: break",
        )
        ghost = self._constant(frozenset({node.records}))
        unknown = f"{name} = False if {where.name} is False else {ghost}"
        after = (f"if {self._rows(node)} is GHOST: {unknown}",)
        return self._found((f"{name} = False", *self._loop(node, body, after)), name)
