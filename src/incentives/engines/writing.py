"""
The Python of a rule: the functions that look at one record, and plainly at all.

Only lines of our own are ever run: names and texts of a rule are constants or comments.
"""

import builtins
import linecache

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeGuard
from weakref import finalize

from attrs import field, frozen

from .. import plain
from ..ir import Condition, Term
from ..money import nearest
from ..policy import Rule
from ..standards import AwardStandard, Cash, Combination, Discretionary, Schedule
from ..vocabulary import inner
from . import runtime
from .code import Code, Names, add_binder, binders_of, indented
from .engine import repayable_of
from .lowering import Lowering

#: The verdicts of the propositions of a rule: True, False, None where unknown.
Pattern = tuple[bool | None, ...]

#: What is nested no deeper than this Python always compiles.
_SHALLOW = 15

_RUNTIME: Mapping[str, object] = {
    **{
        name: value for name, value in vars(runtime).items() if not name.startswith("_")
    },
    **{code.name: each for code, each in plain.UNMET_BY.items()},
    **{name: value for name, value in vars(plain).items() if name.isupper()},
    "Decimal": Decimal,
    "Fraction": Fraction,
    "inner": inner,
    "money": plain.due,
    "nearest": nearest,
}
#: Names that all rules share, where Python looks last: no rule holds them itself.
_SHARED: Mapping[str, object] = {**vars(builtins), **_RUNTIME}


@frozen(eq=False)
class Compiled:
    """
    A rule as Python: what it comes to at one record, and plainly at all of them.

    ``seen`` are the patterns of propositions that were confirmed at one record, and
    ``exits`` the ways out of the plain function, with what else decides there.
    """

    rule: Rule
    source: str
    functions: Mapping[str, Any]
    seen: set[Pattern] = field(factory=set)
    exits: set[object] = field(factory=set)

    @property
    def look(self) -> Callable[..., tuple[Any, ...]]:
        """What it comes to at one record."""
        look: Callable[..., tuple[Any, ...]] = self.functions["look"]
        return look

    @property
    def plainly(self) -> Callable[..., plain.Plain | None]:
        """What it plainly comes to at all of them."""
        plainly: Callable[..., plain.Plain | None] = self.functions["plainly"]
        return plainly


@frozen
class Writer:
    """Writes the functions of one rule."""

    rule: Rule
    lowering: Lowering
    names: Names

    @classmethod
    def of(cls, rule: Rule) -> "Writer":
        binders = binders_of([rule])
        rebound = frozenset(binders)
        if rule.each is not None:
            add_binder(binders, rule.each.binder, rule.each.records)
        names = Names()
        return cls(rule, Lowering(rule.subject, binders, rebound, names), names)

    def compiled(self) -> Compiled:
        requirements = list(self._conditions())
        leaves = tuple(leaf for code in requirements for leaf in code.leaves)
        head = f"# {self.rule.id}: {_in_a_line(self.rule.clause.number)}"
        look = (head, *self._look(requirements, leaves), "", "")
        plainly = self._plainly(requirements, leaves)
        source = "".join(f"{line}\n" for line in (*look, *plainly))
        name = f"<incentives {self.rule.id} {hash(self.rule) & 0xFFFFFFFFFFFF:x}>"
        lines = source.splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)
        shared = {"__builtins__": _SHARED, "__name__": __name__}
        namespace: dict[str, Any] = {**shared, **self.names.constants}

        def first_look(*given: Any) -> tuple[Any, ...]:
            """Hardly any rule is looked at: its function is made when one is."""
            _run("".join(lines[: len(look)]), name, namespace)
            found: tuple[Any, ...] = namespace["look"](*given)
            return found

        namespace["look"] = first_look
        if max(map(_indentation, look)) > _SHALLOW:
            # Python may refuse it: that must be known before anybody relies on it.
            _run("".join(lines[: len(look)]), name, namespace)
        # Each line keeps its number.
        _run("\n" * len(look) + "".join(lines[len(look) :]), name, namespace)
        compiled = Compiled(self.rule, source, namespace)
        # What shows lines in tracebacks goes with the rule.
        finalize(compiled, linecache.cache.pop, name, None).atexit = False
        return compiled

    def _conditions(self) -> Iterable[Code]:
        """The requirements in their order: what one has read the next need not."""
        for each in self.rule.requirements:
            code = self.lowering.condition(each.condition)
            self.lowering.available.update(code.reads)
            yield code

    def _prologue(self, leaves: tuple[str, ...]) -> Iterable[str]:
        lowering = self.lowering
        for scope in lowering.binders:
            number = lowering.record(scope)[1:]
            yield f"a{number} = r{number} = None"
            yield f"p{number} = ''"
        if leaves:
            yield f"{' = '.join(leaves)} = None"

    def _requirements(self, codes: Iterable[Code]) -> Iterable[tuple[str, Code]]:
        for requirement, code in zip(self.rule.requirements, codes, strict=True):
            yield f"# {requirement.code.value}: {_in_a_line(requirement.text)}", code

    # --- what it comes to ----------------------------------------------------------

    def _look(self, codes: list[Code], leaves: tuple[str, ...]) -> Iterable[str]:
        yield "def look(s, day, due, record, place):"
        yield from indented(self._look_lines(codes, leaves))

    def _look_lines(self, codes: list[Code], leaves: tuple[str, ...]) -> Iterable[str]:
        rule = self.rule
        yield from self._prologue(leaves)
        if rule.each is not None:
            binder = rule.each.binder
            record, place = self.lowering.record(binder), self.lowering.place(binder)
            yield f"{record}, {place} = record, place"
        for comment, code in self._requirements(codes):
            yield comment
            yield from code.lines
        truths = [code.name for code in codes]
        unmet = " + ".join(f"({truth} is False)" for truth in truths)
        yield f"unmet = {unmet or '0'}"
        award = rule.award if isinstance(rule.award, Cash) else None
        yield "# award"
        yield "known = None"
        if award is not None:
            amount = self.lowering.term(award.amount)
            yield "if unmet: known = 0"
            yield "else:"
            yield from indented((*amount.lines, f"known = {amount.name}"))
        yield from self._optional("key", None if award is None else award.per)
        yield from self._optional("dated", rule.dated)
        label = None if rule.each is None else rule.each.label
        yield from self._optional("label", label)
        yield from self._schedule(None if award is None else award.schedule)
        repayable = repayable_of(() if award is None else award.repayments)
        yield from self._optional("repayable", repayable)
        pattern = "".join(f"{leaf}, " for leaf in leaves)
        yield (
            f"return ({''.join(f'{truth}, ' for truth in truths)}), ({pattern}), unmet, "
            "known, key, dated, label, whole, parts, paid, remaining, repayable"
        )

    def _optional(self, name: str, term: Term | None) -> Iterable[str]:
        if term is None:
            yield f"{name} = None"
            return
        code = self.lowering.term(term)
        yield from code.lines
        yield f"{name} = {code.name}"

    def _schedule(self, schedule: Schedule | None) -> Iterable[str]:
        yield from self._optional("whole", None if schedule is None else schedule.whole)
        yield from self._optional("paid", None if schedule is None else schedule.paid)
        yield from self._optional(
            "remaining", None if schedule is None else schedule.remaining
        )
        yield "parts = ()"
        for each in () if schedule is None else schedule.instalments:
            yield from self._optional("amount", each.amount)
            yield from self._optional("on", each.on)
            yield from self._optional("by", each.by)
            yield from self._met(each.met)
            label = self.names.constant(each.label)
            yield f"parts += (({label}, amount, on, by, met),)"

    def _met(self, condition: Condition | None) -> Iterable[str]:
        if condition is None:
            yield "met = True"
            return
        code = self.lowering.condition(condition)
        if code.leaves:
            yield f"{' = '.join(code.leaves)} = None"
        yield from code.lines
        yield f"met = {code.name}"

    # --- what it plainly comes to --------------------------------------------------

    def _plainly(self, codes: list[Code], leaves: tuple[str, ...]) -> Iterable[str]:
        yield "def plainly(s, day, seen, confirm):"
        yield from indented(self._plain_lines(codes, leaves))

    def _plain_lines(self, codes: list[Code], leaves: tuple[str, ...]) -> Iterable[str]:
        each = self.rule.each
        yield "due = {}"
        yield from self._prologue(leaves)
        if each is None:
            yield from self._requires(codes, leaves, "return {}")
            yield from self._adds(codes, leaves)
            yield from self._comes_to()
            return
        binder = each.binder
        record, place = self.lowering.record(binder), self.lowering.place(binder)
        yield f"rows = {self.lowering.read('', each.records)}"
        yield "if rows is None: rows = GHOST"
        yield "elif not rows: return NO_RECORD"
        yield f"{place} = -2 if rows is GHOST else -1"
        yield "total, is_open, why = 0, False, None"
        yield f"for {record} in rows:"
        body = [f"{place} += 1"]
        if any(len(code.leaves) > 1 for code in codes):
            body.append(f"{' = '.join(leaves)} = None")
        several = "why = {0} if why is None or why is {0} else UNMET; continue"
        body += self._requires(codes, leaves, several)
        body += self._adds(codes, leaves)
        yield from indented(body)
        yield from self._comes_to()
        # Several records that are unmet for different reasons must be compared.
        unmet = tuple(plain.UNMET_BY[each.code] for each in self.rule.requirements)
        decisive = f"decisive(look, s, day, rows, {self.names.constant(unmet)})"
        yield f"return {decisive} if why is UNMET else why"

    def _requires(
        self, codes: list[Code], leaves: tuple[str, ...], unmet: str
    ) -> Iterable[str]:
        """The requirements in their order: the first that is unmet decides."""
        requirements = self.rule.requirements
        for number, (comment, code) in enumerate(self._requirements(codes)):
            yield comment
            yield from code.lines
            yield f"if {code.name} is False:"
            key = _exit(number, [code])
            yield f"    if {key} not in seen: confirm({key}, {_pattern(leaves, code.leaves)}, False)"
            yield f"    {unmet.format(requirements[number].code.name)}"

    def _adds(self, codes: list[Code], leaves: tuple[str, ...]) -> Iterable[str]:
        """What follows where no requirement is unmet."""
        award = self.rule.award
        if isinstance(award, Cash) and not _is_plain(award):
            yield "return None"
            return
        met = " and ".join(f"{code.name} is True" for code in codes)
        yield f"met = {met or 'True'}"
        if isinstance(award, Cash):
            amount = self.lowering.term(award.amount)
            yield from amount.lines
            yield f"known = {amount.name}"
            yield "is_sure = met and known.__class__ is not Known"
            yield "if known.__class__ is Known:"
            yield "    if known.high is not None and known.high <= 0: return None"
            yield "elif known.__class__ is not int or known < 0: return None"
        else:
            yield "is_sure = met"
        if self.rule.each is not None:
            yield "if rows is GHOST: is_sure = False"
        key, pattern = _exit(len(codes), codes), _pattern(leaves, leaves)
        yield f"if not met: confirm(None, {pattern}, None)"
        yield f"elif {key} not in seen: confirm({key}, {pattern}, True)"
        if isinstance(award, Cash):
            yield from self._nothing()
        if self.rule.each is not None:
            yield from self._another()

    def _nothing(self) -> Iterable[str]:
        """What is said of an amount of nothing; of several records, compared first."""
        each = self.rule.each
        record = "None" if each is None else self.lowering.record(each.binder)
        yield "if known.__class__ is int and known == 0:"
        if each is None:
            yield f"    return nothing_of(look, s, day, {record})"
            return
        yield "    if rows is GHOST or len(rows) > 1: return None"
        yield f"    return nothing_of(look, s, day, {record})"

    def _another(self) -> Iterable[str]:
        """One more record counts; where only one is paid, somebody must compare them."""
        award = self.rule.award
        yield "if not is_sure: is_open = True"
        if not isinstance(award, Cash):
            yield "else: total = 1"
            return
        if award.combination is Combination.ONCE:
            yield "elif total: return None"
        yield "else: total += known"

    def _comes_to(self) -> Iterable[str]:
        """What all of it comes to, unless nothing is due."""
        award = self.rule.award
        granted = "LEFT_OPEN" if isinstance(award, Discretionary) else "GRANTED"
        if self.rule.each is None:
            if _is_plain(award):
                yield "return money(known) if is_sure else OPEN"
            elif not isinstance(award, Cash):
                yield f"return {granted} if is_sure else UNDECIDED"
        elif not isinstance(award, Cash):
            yield f"if total: return {granted}"
            yield "if is_open: return UNDECIDED"
        else:
            once = award.combination is Combination.ONCE
            yield f"if is_open: return {'None if total else ' if once else ''}OPEN"
            yield "if total: return money(total)"


def _indentation(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // 4


def _run(source: str, name: str, namespace: dict[str, Any]) -> None:
    exec(compile(source, name, "exec"), namespace)  # noqa: S102  # lines of our own


def _exit(number: int, codes: Iterable[Code]) -> str:
    """
    What tells apart the patterns in which a function is left at some requirement.

    Of one proposition the verdict follows from that of the requirement.
    """
    several = (leaf for code in codes if len(code.leaves) > 1 for leaf in code.leaves)
    leaves = "".join(f", {leaf}" for leaf in several)
    return f"({number}{leaves})" if leaves else str(number)


def _pattern(leaves: tuple[str, ...], known: Iterable[str]) -> str:
    """The propositions as far as they were looked at."""
    looked_at = {*known}
    cells = (leaf if leaf in looked_at else "None" for leaf in leaves)
    return f"({''.join(f'{cell}, ' for cell in cells)})"


def _is_plain(award: AwardStandard) -> TypeGuard[Cash]:
    """Whether an award is what its items come to and nothing else."""
    return isinstance(award, Cash) and not (
        award.cap or award.most or award.schedule or award.repayments
    )


def _in_a_line(text: str) -> str:
    return " ".join(text.split())
