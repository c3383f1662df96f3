"""
The compiled engine: each rule as straight-line Python, made once, with real lines.

It answers the same as the reference, which makes the reasons when they are asked for.
The source of a rule can be read with :func:`source_of`, and tracebacks show its lines.
"""

import linecache

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, TypeGuard

from attrs import field, frozen

from ..book import RuleBook
from ..errors import EngineDisagreement
from ..explanation import Explanation, Later
from ..facts import Record, Subject
from ..ir import Condition, Term
from ..known import NOTHING_MISSING, Known
from ..payments import Looked
from ..policy import Rule
from ..standards import AwardStandard, Cash, Combination, Schedule
from ..verdict import Verdict
from ..vocabulary import inner
from . import runtime
from .engine import NOTHING_DUE, Bound, Due, Engine, Look, repayable_of
from .indexing import index_of
from .lowering import (
    AmbiguousBinderError,
    Code,
    Lowering,
    Names,
    add_binder,
    binders_of,
    indented,
)
from .runtime import Truth, known_of, verdict_of_truth

#: The verdicts of the propositions of a rule: True, False, None where unknown.
Pattern = tuple[bool | None, ...]
#: Is told every pattern of a rule that is met with for the first time.
Confirm = Callable[[Rule, tuple[Verdict, ...], Verdict], None]

#: More rules than any country has: compiled rules are small.
_MOST_RULES = 50_000
#: Patterns that are remembered of one rule before it begins anew.
_MOST_PATTERNS = 4_096

_RUNTIME: Mapping[str, object] = {
    **{
        name: value for name, value in vars(runtime).items() if not name.startswith("_")
    },
    "Decimal": Decimal,
    "Fraction": Fraction,
    "inner": inner,
}


@frozen(eq=False)
class Compiled:
    """
    A rule as Python: what it comes to at one record, and plainly at all of them.

    ``seen`` are the patterns of propositions that were confirmed.
    """

    rule: Rule
    source: str
    look: Callable[..., tuple[Any, ...]]
    plainly: Callable[..., int | None]
    leaves: int
    seen: set[Pattern] = field(factory=set)


def source_of(rule: Rule) -> str:
    """The Python that a rule is compiled to; empty where the reference reads it."""
    compiled = _compiled(rule)
    return "" if compiled is None else compiled.source


@lru_cache(maxsize=_MOST_RULES)
def _compiled(rule: Rule) -> Compiled | None:
    """A rule as Python; None where it cannot be, and the reference must do."""
    try:
        return _Writer.of(rule).compiled()
    except (AmbiguousBinderError, SyntaxError, RecursionError, MemoryError):
        # One name for two lists, or deeper than Python's own compiler goes.
        return None


@frozen
class _Writer:
    """Writes the functions of one rule."""

    rule: Rule
    lowering: Lowering
    names: Names

    @classmethod
    def of(cls, rule: Rule) -> "_Writer":
        binders = binders_of([rule])
        rebound = frozenset(binders)
        if rule.each is not None:
            add_binder(binders, rule.each.binder, rule.each.records)
        names = Names()
        return cls(rule, Lowering(rule.subject, binders, rebound, names), names)

    def compiled(self) -> Compiled:
        requirements = list(self._conditions())
        leaves = tuple(leaf for code in requirements for leaf in code.leaves)
        lines = [
            f"# {self.rule.id}: {_in_a_line(self.rule.clause.number)}",
            *self._look(requirements, leaves),
            "",
            "",
            *self._plainly(requirements, leaves),
        ]
        source = "\n".join(lines) + "\n"
        name = f"<incentives {self.rule.id} {hash(self.rule) & 0xFFFFFFFFFFFF:x}>"
        namespace: dict[str, Any] = {**_RUNTIME, **self.names.constants}
        exec(compile(source, name, "exec"), namespace)  # noqa: S102  # lines of our own
        linecache.cache[name] = (
            len(source),
            None,
            source.splitlines(keepends=True),
            name,
        )
        return Compiled(
            self.rule, source, namespace["look"], namespace["plainly"], len(leaves)
        )

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
        yield "    due = {}"
        yield from indented(self._prologue(leaves))
        each = self.rule.each
        if each is None:
            yield from indented(self._requires(codes, leaves, "return 0"))
            yield from indented(self._adds(codes, leaves, "return known"))
            return
        binder = each.binder
        record, place = self.lowering.record(binder), self.lowering.place(binder)
        rows = self.names.new("a")
        yield "    total = 0"
        yield f"    {rows} = {self.lowering.read('', each.records)}"
        yield f"    if {rows} is None: {rows} = GHOST"
        yield f"    {place} = -2 if {rows} is GHOST else -1"
        yield f"    for {record} in {rows}:"
        body = [f"{place} += 1"]
        if any(len(code.leaves) > 1 for code in codes):
            body.append(f"{' = '.join(leaves)} = None")
        body += self._requires(codes, leaves, "continue")
        body.append(f"if {rows} is GHOST: return None")
        body += self._adds(codes, leaves, *self._another())
        yield from indented(indented(body))
        yield "    return total"

    def _requires(
        self, codes: list[Code], leaves: tuple[str, ...], unmet: str
    ) -> Iterable[str]:
        """The requirements in their order: the first that is unmet decides."""
        for comment, code in self._requirements(codes):
            pattern = _pattern(leaves, code.leaves)
            yield comment
            yield from code.lines
            yield f"if {code.name} is False:"
            yield f"    if {pattern} not in seen: confirm({pattern}, False)"
            yield f"    {unmet}"

    def _adds(
        self, codes: list[Code], leaves: tuple[str, ...], *met: str
    ) -> Iterable[str]:
        """What is due of an amount that nothing else can change, if it is known."""
        award = self.rule.award
        if not _is_plain(award):
            yield "return None"
            return
        unmet = " and ".join(f"{code.name} is True" for code in codes)
        yield f"if not ({unmet or 'True'}): return None"
        amount = self.lowering.term(award.amount)
        yield from amount.lines
        yield f"known = {amount.name}"
        yield "if known.__class__ is not int or known <= 0: return None"
        pattern = _pattern(leaves, leaves)
        yield f"if {pattern} not in seen: confirm({pattern}, True)"
        yield from met

    def _another(self) -> Iterable[str]:
        """One more record is paid; where only one is, somebody must compare them."""
        award = self.rule.award
        if isinstance(award, Cash) and award.combination is Combination.ONCE:
            yield "if total: return None"
        yield "total += known"


def _pattern(leaves: tuple[str, ...], known: Iterable[str]) -> str:
    """The propositions as far as they were looked at."""
    cells = (leaf if leaf in {*known} else "None" for leaf in leaves)
    return f"({''.join(f'{cell}, ' for cell in cells)})"


def _is_plain(award: AwardStandard) -> TypeGuard[Cash]:
    """Whether an award is what its items come to and nothing else."""
    return isinstance(award, Cash) and not (
        award.cap or award.most or award.schedule or award.repayments
    )


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


@frozen
class CompiledEngine:
    """
    Compiled rules, explained by another engine when somebody asks.

    ``confirm`` is told each new pattern of the propositions of a rule, with the verdict
    that follows from it, and raises where it finds otherwise.
    """

    explainer: Engine
    confirm: Confirm

    def look(
        self,
        rule: Rule,
        subject: Subject,
        as_of: date,
        at: Bound | None,
        due: Due = NOTHING_DUE,
    ) -> Look:
        """What a rule comes to at one of its records, or at the subject itself."""
        compiled = _compiled(rule)
        if compiled is None:
            return self.explainer.look(rule, subject, as_of, at, due)
        record: Record | None = None
        path = ""
        if at is not None:
            record, path = at.record, at.path
        found = compiled.look(subject, as_of, due, record, path)
        truths, leaves, unmet, known, key, dated, label = found[:7]
        whole, parts, paid, remaining, repayable = found[7:]
        verdict, lacking = Verdict.MET, NOTHING_MISSING
        if unmet:
            verdict = Verdict.UNMET
        for truth in truths:
            if truth is not True and truth is not False:
                lacking |= truth
                verdict = Verdict.UNMET if unmet else Verdict.UNKNOWN
        pattern = tuple([leaf if leaf.__class__ is bool else None for leaf in leaves])
        if pattern not in compiled.seen:
            self._confirm(compiled, pattern, verdict)
        again = partial(self.explainer.look, rule, subject, as_of, at, due)
        return Look(
            verdict=verdict,
            known=_known(known),
            lacking=lacking,
            unmet=unmet,
            key=_known(key),
            dated=dated if isinstance(dated, date) else None,
            label="" if label is None or isinstance(label, Known) else str(label),
            explain=Later(lambda: _explained(again(), verdict, _known(known))),
            whole=_known(whole),
            instalments=tuple(_looked(*part) for part in parts),
            paid=_known(paid),
            remaining=_known(remaining),
            repayable=_known(repayable),
        )

    def candidates(self, book: RuleBook, subject: Subject) -> Sequence[Rule]:
        """The rules that may come to something, found by what they need of it."""
        return index_of(book, subject).candidates(subject)

    def plainly(self, rule: Rule, subject: Subject, as_of: date) -> int | None:
        """What a rule comes to in fen, where its records and nothing else decide."""
        if rule.subject != getattr(subject, "subject", ""):
            return 0
        compiled = _compiled(rule)
        if compiled is None or rule.uses:
            return None
        confirm = partial(self._first_seen, compiled)
        return compiled.plainly(subject, as_of, compiled.seen, confirm)

    def _first_seen(
        self,
        compiled: Compiled,
        leaves: tuple[Truth, ...],
        met: bool,  # as compiled code passes it
    ) -> None:
        pattern = tuple(leaf if isinstance(leaf, bool) else None for leaf in leaves)
        if pattern not in compiled.seen:
            verdict = Verdict.MET if met else Verdict.UNMET
            self._confirm(compiled, pattern, verdict)

    def _confirm(self, compiled: Compiled, pattern: Pattern, verdict: Verdict) -> None:
        verdicts = tuple(verdict_of_truth(truth) for truth in pattern)
        self.confirm(compiled.rule, verdicts, verdict)
        if len(compiled.seen) >= _MOST_PATTERNS:
            compiled.seen.clear()
        compiled.seen.add(pattern)

    def amount(
        self, term: Term, subject: Subject, as_of: date, due: Due = NOTHING_DUE
    ) -> Known:
        """What a term over the facts of the subject comes to."""
        return self.explainer.amount(term, subject, as_of, due)


def _known(some: runtime.Some | None) -> Known | None:
    return None if some is None else known_of(some)


def _looked(
    label: str,
    amount: runtime.Some,
    on: runtime.Some,
    by: runtime.Some | None,
    met: Truth,
) -> Looked:
    return Looked(
        label=label,
        amount=known_of(amount),
        on=known_of(on),
        by=_known(by),
        met=verdict_of_truth(met),
    )


def _explained(look: Look, verdict: Verdict, known: Known | None) -> Explanation:
    """The reasons, which must be reasons for the same."""
    if (look.verdict, look.known) != (verdict, known):
        raise EngineDisagreement(
            f"compiled: {verdict.value} {known}; reference: {look.verdict.value} "
            f"{look.known}"
        )
    return look.explain()
