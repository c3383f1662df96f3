"""Rules and firms to try the compiled engine on, next to the reference."""

from datetime import date
from fractions import Fraction
from typing import Any

from incentives import Enterprise, Platform, ir
from incentives.engines.compiled import CompiledEngine
from incentives.engines.engine import NOTHING_DUE, Bound, Due, Look
from incentives.engines.reference import ReferenceEngine
from incentives.facts import Subject
from incentives.ir import Comparison, Kind
from incentives.known import Known
from incentives.policy import Clause, Each, ReasonCode, Requirement, Rule, Window
from incentives.standards import Cash, NonCash
from incentives.verdict import Verdict
from tests.support.worlds import (
    COST,
    DAY,
    FIRM,
    money,
    rate,
    year,
)

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN
REFERENCE = ReferenceEngine()
Pattern = tuple[Verdict, ...]

SME = ir.Fact("technology_sme", Kind.BOOLEAN)
STAFF = ir.Fact("staff", Kind.NUMBER, low=0)
WAN = Fraction(10_000)
AREA = ir.Fact("area", Kind.NUMBER, low=0, scale=WAN)
RENT = ir.Fact("rent", Kind.MONEY, low=0)
PRICE = ir.Fact("price", Kind.MONEY, low=0, scale=Fraction(1, 3))
GRADE = ir.Fact("grade", Kind.TEXT, default="无")
PROFIT = ir.Figure(ir.Fact("profit", Kind.MONEY), year(2025))
TENTH = ir.Multiply(rate(Fraction(1, 10)), COST)
WINDOW = Window(None, date(2027, 12, 31), date(2024, 1, 1), date(2024, 12, 31))
PLATFORMS = Each("platforms", "platform", ir.Fact("id", Kind.TEXT, "platform"))


def rule(*conditions: ir.Condition, **more: Any) -> Rule:
    """A rule with these requirements; it grants a support unless told otherwise."""
    given: dict[str, Any] = {"award": NonCash("支持"), "window": WINDOW, **more}
    return Rule(
        id="r0",
        title="奖补",
        clause=Clause("第一条", "（虚构）"),
        subject="enterprise",
        requirements=tuple(
            Requirement(ReasonCode.CONDITION_UNMET, each, f"条件{number}\n如此")
            for number, each in enumerate(conditions, 1)
        ),
        **given,
    )


def firm(**given: Any) -> Enterprise:
    """A firm; what is no field of its own is a fact that a pack declares."""
    own = {"city", "county", "listings", "platforms"}
    facts = {name: value for name, value in given.items() if name not in own}
    core = {name: value for name, value in given.items() if name in own}
    return Enterprise(id=FIRM, facts=facts, **core)


def engine(confirmed: list[tuple[Pattern, Verdict]] | None = None) -> CompiledEngine:
    """The compiled engine; what it has confirmed is written down."""

    def confirm(_: Rule, pattern: Pattern, verdict: Verdict) -> None:
        if confirmed is not None:
            confirmed.append((pattern, verdict))

    return CompiledEngine(REFERENCE, confirm)


def look(
    at_rule: Rule, subject: Subject, at: Bound | None = None, due: Due = NOTHING_DUE
) -> Look:
    """What both engines say, which is the same."""
    found = engine().look(at_rule, subject, DAY, at, due)
    assert found == REFERENCE.look(at_rule, subject, DAY, at, due)
    return found


def known(term: ir.Term, subject: Subject, at: Bound | None = None) -> Known | None:
    """What a term comes to, whatever its kind: it tells items apart."""
    each = None if at is None else PLATFORMS
    return look(rule(each=each, award=Cash(money(1), per=term)), subject, at).key


def decided(
    condition: ir.Condition, subject: Subject, at: Bound | None = None
) -> tuple[Verdict, frozenset[str]]:
    """The verdict on a condition, and what is missing."""
    found = look(rule(condition, each=None if at is None else PLATFORMS), subject, at)
    return found.verdict, found.lacking


def compare(comparison: Comparison, left: ir.Term, right: ir.Term) -> ir.Compare:
    return ir.Compare(comparison, left, right)


def platform(**facts: Any) -> Bound:
    return Bound(Platform(**facts), "platforms[0]")


GHOST = Bound(None, "platforms")
