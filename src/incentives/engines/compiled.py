"""
The compiled engine: each rule as straight-line Python, made once, with real lines.

It answers the same as the reference, which makes the reasons when they are asked for.
The source of a rule can be read with :func:`source_of`, and tracebacks show its lines.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, partial

from attrs import field, frozen

from ..book import RuleBook
from ..combining import Stands, unquestioned
from ..errors import EngineDisagreement
from ..explanation import Explanation, Later
from ..facts import Record, Subject
from ..ir import Term
from ..known import NOTHING_MISSING, Known
from ..payments import Looked
from ..plain import OTHER_SUBJECT, Plain
from ..policy import Rule
from ..remembering import Remembered
from ..verdict import Verdict
from . import runtime
from .code import AmbiguousBinderError
from .engine import NOTHING_DUE, Bound, Due, Engine, Look, Survey
from .indexing import Index
from .runtime import NOBODY, Truth, known_of, verdict_of_truth
from .writing import Compiled, Pattern, Writer

#: Is told every pattern of a rule that is met with for the first time.
Confirm = Callable[[Rule, tuple[Verdict, ...], Verdict], None]

#: More rules than any country has: compiled rules are small.
_MOST_RULES = 50_000
#: Patterns that are remembered of one rule before it begins anew.
_MOST_PATTERNS = 4_096
#: In a book of so few rules the index takes longer than to ask every rule.
_FEW_RULES = 40


def source_of(rule: Rule) -> str:
    """The Python that a rule is compiled to; empty where the reference reads it."""
    compiled = _compiled(rule)
    return "" if compiled is None else compiled.source


@lru_cache(maxsize=_MOST_RULES)
def _compiled(rule: Rule) -> Compiled | None:
    """A rule as Python; None where it cannot be, and the reference must do."""
    try:
        return Writer.of(rule).compiled()
    except (AmbiguousBinderError, SyntaxError, RecursionError, MemoryError):
        # One name for two lists, or deeper than Python's own compiler goes.
        return None


#: What to call for a rule, the ways out of it that are known, and whom to tell of others.
_Step = tuple[Callable[..., Plain | None], set[object], Callable[..., None]]


def _elsewhere(*_: object) -> Plain:
    return OTHER_SUBJECT


def _not_plain(*_: object) -> None:
    return None


@frozen(eq=False)
class _Plan:
    """How the rules of a book are asked; those of a big one are found by an index."""

    rules: tuple[Rule, ...]
    index: Index | None
    steps: Sequence[_Step] = ()
    made: dict[int, _Step] = field(factory=dict)


@frozen
class CompiledEngine:
    """
    Compiled rules, explained by another engine when somebody asks.

    ``confirm`` is told each new pattern of the propositions of a rule, with the verdict
    that follows from it, and raises where it finds otherwise. In a book of at most
    ``few`` rules each is asked; in a larger one an index finds those that can matter.
    ``stands`` is told where the rules of a group stand.
    """

    explainer: Engine
    confirm: Confirm
    few: int = _FEW_RULES
    stands: Stands = unquestioned
    plans: Remembered[RuleBook, dict[str, _Plan]] = field(
        factory=Remembered, init=False, eq=False, repr=False
    )

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
            record = NOBODY if at.record is None else at.record
            path = at.path
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

    def survey(self, book: RuleBook, subject: Subject, as_of: date) -> Survey:
        """The rules that may come to something, with what they plainly come to."""
        kind: str = getattr(subject, "subject", "")
        plans = self.plans.get(book)
        plan = None if plans is None else plans.get(kind)
        if plan is None:
            plan = self._planned(book, kind)
        if plan.index is None:
            return plan.rules, [
                ask(subject, as_of, exits, confirm)
                for ask, exits, confirm in plan.steps
            ]
        rules, said = [], []
        for place in plan.index.places(subject):
            rule = plan.rules[place]
            step = plan.made.get(place)
            if step is None:
                step = plan.made[place] = self._step(rule, kind)
            ask, exits, confirm = step
            rules.append(rule)
            said.append(ask(subject, as_of, exits, confirm))
        return rules, said

    def _planned(self, book: RuleBook, kind: str) -> _Plan:
        rules = book.rules
        if len(rules) > self.few:
            plan = _Plan(rules, Index.of(rules, kind))
        else:
            plan = _Plan(rules, None, [self._step(rule, kind) for rule in rules])
        plans = self.plans.get(book)
        if plans is None:
            plans = {}
            self.plans.keep(book, plans)
        plans[kind] = plan
        return plan

    def plainly(self, rule: Rule, subject: Subject, as_of: date) -> Plain | None:
        """What one rule plainly comes to; None where more is to be looked at."""
        ask, exits, confirm = self._step(rule, getattr(subject, "subject", ""))
        return ask(subject, as_of, exits, confirm)

    def _step(self, rule: Rule, kind: str) -> _Step:
        if rule.subject != kind:
            return _elsewhere, set(), _not_plain
        compiled = _compiled(rule)
        if compiled is None or rule.uses:
            return _not_plain, set(), _not_plain
        return compiled.plainly, compiled.exits, partial(self._left, compiled)

    def _left(
        self,
        compiled: Compiled,
        way: object,
        leaves: tuple[Truth, ...],
        met: bool | None,  # as compiled code passes it
    ) -> None:
        """A rule was left in a way that was not seen before, or that is not told."""
        pattern = tuple(leaf if isinstance(leaf, bool) else None for leaf in leaves)
        if pattern not in compiled.seen:
            self._confirm(compiled, pattern, verdict_of_truth(met))
        if way is not None:
            if len(compiled.exits) >= _MOST_PATTERNS:
                compiled.exits.clear()
            compiled.exits.add(way)

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
