"""
The reference engine: one subject, three-valued, with reasons. It is the semantics.

A value that is not known is an interval of what it can still be; a comparison is
unknown while both answers are possible. So an amount whose cap is reached already is
known although a cost is missing, and bounds come from the same computation.
"""

from datetime import date
from functools import lru_cache

from attrs import frozen

from ..book import RuleBook
from ..combining import Stands, unquestioned
from ..explanation import Explanation, Ground
from ..facts import Subject
from ..ir import Term, Value
from ..known import NOTHING_MISSING, Known, exactly
from ..payments import Looked
from ..policy import Requirement, Rule
from ..standards import Cash, Instalment, Schedule
from ..verdict import Verdict, all_of
from .engine import NOTHING_DUE, Bound, Due, Look, Survey, repayable_of
from .meanings import REFERENCE, Find, Work, work_out
from .world import World


@frozen
class _Prepared:
    """A rule as functions of the world."""

    requirements: tuple[tuple[Requirement, Find], ...]
    amount: Work | None
    key: Work | None
    dated: Work | None
    label: Work | None
    schedule: "_PreparedSchedule | None"
    repayable: Work | None


@frozen
class _PreparedSchedule:
    """A schedule as functions of the world."""

    whole: Work
    paid: Work
    remaining: Work
    instalments: tuple[tuple[Instalment, Work, Work, Work | None, Find | None], ...]

    def looked(self, world: World) -> tuple[Looked, ...]:
        return tuple(
            Looked(
                label=instalment.label,
                amount=amount(world).known,
                on=on(world).known,
                by=None if by is None else by(world).known,
                met=Verdict.MET if met is None else met(world).verdict,
            )
            for instalment, amount, on, by, met in self.instalments
        )


@lru_cache(maxsize=20_000)
def _prepared(rule: Rule) -> _Prepared:
    award = rule.award if isinstance(rule.award, Cash) else None
    each = rule.each
    return _Prepared(
        tuple((r, REFERENCE.condition(r.condition)) for r in rule.requirements),
        amount=None if award is None else REFERENCE.term(award.amount),
        key=_optional(None if award is None else award.per),
        dated=_optional(rule.dated),
        label=_optional(None if each is None else each.label),
        schedule=_schedule(None if award is None else award.schedule),
        repayable=_optional(repayable_of(() if award is None else award.repayments)),
    )


def _schedule(schedule: Schedule | None) -> _PreparedSchedule | None:
    if schedule is None:
        return None
    return _PreparedSchedule(
        whole=REFERENCE.term(schedule.whole),
        paid=REFERENCE.term(schedule.paid),
        remaining=REFERENCE.term(schedule.remaining),
        instalments=tuple(
            (
                each,
                REFERENCE.term(each.amount),
                REFERENCE.term(each.on),
                _optional(each.by),
                None if each.met is None else REFERENCE.condition(each.met),
            )
            for each in schedule.instalments
        ),
    )


def _optional(term: Term | None) -> Work | None:
    return None if term is None else REFERENCE.term(term)


class ReferenceEngine:
    """The engine by which all others are judged."""

    def look(
        self,
        rule: Rule,
        subject: Subject,
        as_of: date,
        at: Bound | None,
        due: Due = NOTHING_DUE,
    ) -> Look:
        """What a rule comes to at one of its records, or at the subject itself."""
        world = World(subject, as_of, {}, due)
        if at is not None and rule.each is not None:
            world = world.with_record(rule.each.binder, at.record, at.path)
        prepared = _prepared(rule)
        grounds = tuple(Ground(r, find(world)) for r, find in prepared.requirements)
        dated = _value(prepared.dated, world)
        label = _value(prepared.label, world)
        schedule = prepared.schedule
        repayable = prepared.repayable
        verdicts = [ground.found.verdict for ground in grounds]
        verdict = all_of(verdicts)
        working = None if prepared.amount is None else prepared.amount(world)
        whole = None if schedule is None else schedule.whole(world)
        explanation = Explanation(grounds, whole or working)
        return Look(
            verdict=verdict,
            known=None if working is None else _due(verdict, working.known),
            lacking=NOTHING_MISSING.union(*(g.found.missing for g in grounds)),
            unmet=verdicts.count(Verdict.UNMET),
            explain=lambda: explanation,
            key=None if prepared.key is None else prepared.key(world).known,
            dated=dated if isinstance(dated, date) else None,
            label="" if label is None else str(label),
            whole=None if whole is None else whole.known,
            instalments=() if schedule is None else schedule.looked(world),
            paid=None if schedule is None else schedule.paid(world).known,
            remaining=None if schedule is None else schedule.remaining(world).known,
            repayable=None if repayable is None else repayable(world).known,
        )

    @property
    def stands(self) -> Stands:
        """Where the rules of a group stand follows from what it finds of them."""
        return unquestioned

    def survey(self, book: RuleBook, subject: Subject, as_of: date) -> Survey:
        """The reference looks at every rule, and says nothing without reasons."""
        return book.rules, [None] * len(book)

    def amount(
        self, term: Term, subject: Subject, as_of: date, due: Due = NOTHING_DUE
    ) -> Known:
        """What a term over the facts of the subject comes to."""
        return work_out(term, World(subject, as_of, {}, due)).known


def _due(verdict: Verdict, amount: Known) -> Known:
    return exactly(0) if verdict is Verdict.UNMET else amount


def _value(work: Work | None, world: World) -> Value | None:
    return None if work is None else work(world).known.value
