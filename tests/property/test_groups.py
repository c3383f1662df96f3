"""Groups of rules: exact where all is known, and never more than may be while it is not.

Rule `r<i>` comes to what platform `p<i>` cost, up to a cap of its own, so that any
amount may be known, be open, or be open below a cap. Platform `cap` stands for a fact
on which the cap of a group depends.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from incentives import Assessment, Outcome, ReasonCode, RuleBook, ir
from incentives.grouping import Capped, Group, Highest, Sharing
from incentives.ir import Comparison, Kind
from incentives.money import Rounding
from incentives.policy import Requirement, Rule
from incentives.standards import Cash
from tests.property.books import PAST, WINDOW
from tests.property.strategies import FIRM
from tests.property.test_knowledge import decided, within
from tests.test_stacking import book, cash

COUNT = 4
IDS = [f"r{index}" for index in range(COUNT)]
#: More than any unknown amount may come to.
MOST = 100


def cost_of(platform: str) -> ir.Term:
    """What one platform cost, unknown where its record does not say."""
    name = ir.Fact("id", Kind.TEXT, "platform")
    where = ir.Compare(Comparison.EQ, name, ir.Constant(platform, Kind.TEXT))
    cost = ir.Fact("equipment_cost", Kind.MONEY, "platform", low=0)
    return ir.Sum("platforms", "platform", where, cost)


def yuan(amount: int) -> ir.Constant:
    return ir.Constant(amount * 100, Kind.MONEY)


def rule(index: int) -> Rule:
    amount = ir.Least((cost_of(f"p{index}"), yuan(MOST)))
    always = Requirement(ReasonCode.CONDITION_UNMET, ir.All(()))
    made = evolve(cash(IDS[index], amount), window=WINDOW, requirements=(always,))
    assert isinstance(made.award, Cash)
    return made


RULES = [rule(index) for index in range(COUNT)]


def room(cap: ir.Term, members: Sequence[str]) -> ir.Term:
    left = ir.Add((cap, ir.Negate(PAST.under(*members))))
    zero = ir.Constant(0, Kind.MONEY)
    return ir.Round(ir.Greatest((zero, left)), 1, Rounding.HALF_UP)


MEMBERS = st.lists(st.sampled_from(IDS), min_size=1, unique=True).map(sorted)


@st.composite
def capped(draw: st.DrawFn, name: str) -> Group:
    members = tuple(draw(MEMBERS))
    figure = yuan(draw(st.integers(1, 30)))
    cap = draw(st.sampled_from([figure, ir.Least((figure, cost_of("cap")))]))
    sharing = draw(st.sampled_from(Sharing))
    return Group(name, members, Capped({"enterprise": room(cap, members)}, sharing))


@st.composite
def books(draw: st.DrawFn) -> RuleBook:
    groups = []
    if draw(st.booleans()):
        groups.append(Group("highest", tuple(draw(MEMBERS)), Highest(PAST)))
    groups += [draw(capped(f"cap{at}")) for at in range(draw(st.integers(0, 2)))]
    return evolve(book(*RULES), groups=tuple(draw(st.permutations(groups))))


COSTS = st.integers(0, 20)
PAID = st.fixed_dictionaries(
    {"rule": st.sampled_from(IDS), "amount": st.integers(1, 8)}
)


@st.composite
def firms(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A firm with little known, with more, and with everything."""
    names = [*(f"p{index}" for index in range(COUNT)), "cap"]
    platforms = [{"id": name, "equipment_cost": draw(COSTS)} for name in names]
    awards = draw(st.lists(PAID, max_size=2))
    levels = [draw(st.integers(0, 2)) for _ in (*platforms, *awards)]

    def seen(level: int) -> dict[str, Any]:
        """The firm as it is known where only what is below a level is unknown."""
        shown = []
        for needed, record in zip(levels, [*platforms, *awards], strict=True):
            secret = {"equipment_cost", "amount"} if needed > level else set()
            shown.append({k: v for k, v in record.items() if k not in secret})
        count = len(platforms)
        return {"id": FIRM, "platforms": shown[:count], "awards": shown[count:]}

    return seen(0), seen(1), seen(2)


def assessed(record: Mapping[str, Any], rules: RuleBook) -> Assessment:
    return incentives.evaluate(record, as_of=date(2026, 6, 1), rules=rules)


def expected(record: Mapping[str, Any], rules: RuleBook) -> dict[str, int]:
    """The law by hand, in fen, for a firm of which all is known."""
    costs = {p["id"]: p["equipment_cost"] * 100 for p in record["platforms"]}
    due = {name: costs[f"p{index}"] for index, name in enumerate(IDS)}

    def paid(among: Sequence[str]) -> int:
        return sum(a["amount"] * 100 for a in record["awards"] if a["rule"] in among)

    for group in rules.groups:
        if isinstance(group.combine, Highest):
            nets = {
                name: max(0, due[name] - paid([m for m in group.members if m != name]))
                for name in group.members
            }
            best = max(group.members, key=lambda name: nets[name])
            due |= dict.fromkeys(group.members, 0) | {best: nets[best]}
    for group in rules.groups:
        if not isinstance(group.combine, Capped):
            continue
        term = group.combine.room["enterprise"]
        by_fact = "'cap'" in repr(term)
        figures = [
            node.value
            for node in _constants(term)
            if node.kind is Kind.MONEY and node.value != 0
        ]
        cap = min(int(figures[0]), costs["cap"]) if by_fact else int(figures[0])  # type: ignore[call-overload]
        left = max(0, cap - paid(group.members))
        dues = [due[name] for name in group.members]
        if sum(dues) <= left:
            continue
        if group.combine.sharing is Sharing.IN_ORDER:
            for name in group.members:
                due[name] = min(due[name], left)
                left -= due[name]
        else:
            exact = [Fraction(amount * left, sum(dues)) for amount in dues]
            shares = [int(share) for share in exact]
            rest = [share - int(share) for share in exact]
            for _ in range(left - sum(shares)):
                index = rest.index(max(rest))
                shares[index] += 1
                rest[index] = Fraction(-1)
            due |= dict(zip(group.members, shares, strict=True))
    return due


def _constants(term: ir.Term) -> list[ir.Constant]:
    """The figures in the room of a group, in their order."""
    match term:
        case ir.Constant():
            return [term]
        case ir.Round() | ir.Negate():
            return _constants(term.term)
        case ir.Add() | ir.Least() | ir.Greatest():
            return [found for part in term.terms for found in _constants(part)]
        case _:
            return []


class TestExact:
    """就高不重复；合计不超过……，超出的依次或者按比例核减"""

    @given(books(), firms())
    def test_what_is_known_is_computed_to_the_fen(
        self, rules: RuleBook, known: tuple[Any, Any, dict[str, Any]]
    ) -> None:
        """Highest first, then each cap on what is left, less what was paid before."""
        found = assessed(known[2], rules)
        wanted = expected(known[2], rules)
        assert {each.rule.id: each.amount for each in found} == {
            name: Decimal(fen) / 100 for name, fen in wanted.items()
        }
        assert found.bounds == (found.total, found.total)
        assert found.missing == ()

    @given(books(), firms())
    def test_a_cap_holds_whatever_is_unknown(
        self, rules: RuleBook, known: tuple[dict[str, Any], Any, Any]
    ) -> None:
        """What is due in any case is never more than the cap, nor than each alone."""
        found = assessed(known[0], rules)
        for group in rules.groups:
            if isinstance(group.combine, Capped):
                due = [found[name].amount or 0 for name in group.members]
                assert sum(due) <= 30
        for each in found:
            assert within(each.bounds, (Decimal(0), Decimal(MOST)))


class TestKleene:
    """A rule decided by what is known stays decided whatever else is learnt."""

    @settings(max_examples=4 * settings().max_examples)
    @given(books(), firms())
    def test_learning_never_takes_an_answer_back(
        self,
        rules: RuleBook,
        known: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
    ) -> None:
        """Decided stays decided, bounds only narrow, of each rule and of the total."""
        less, more, full = (assessed(record, rules) for record in known)
        assert decided(less).items() <= decided(more).items()
        assert decided(more).items() <= decided(full).items()
        for wide, narrow in ((less, more), (more, full)):
            assert within(narrow.bounds, wide.bounds)
            for each in narrow:
                assert within(each.bounds, wide[each.rule.id].bounds)
        assert less.total <= less.bounds[0]

    @given(books(), firms())
    def test_everything_open_is_missing_something(
        self, rules: RuleBook, known: tuple[dict[str, Any], Any, Any]
    ) -> None:
        """What is undetermined names the facts that would decide it."""
        for each in assessed(known[0], rules):
            assert (each.outcome is Outcome.UNDETERMINED) == bool(each.missing)

    @given(books(), firms(), st.data())
    def test_what_is_not_missing_changes_nothing(
        self,
        rules: RuleBook,
        known: tuple[dict[str, Any], Any, dict[str, Any]],
        data: st.DataObject,
    ) -> None:
        """A fact that is not named leaves total, bounds and what is missing alone."""
        less, full = known[0], known[2]
        before = assessed(less, rules)
        index = data.draw(st.integers(0, COUNT))
        if f"platforms[{index}].equipment_cost" in before.missing:
            return
        platforms = list(less["platforms"])
        platforms[index] = full["platforms"][index]
        after = assessed({**less, "platforms": platforms}, rules)
        assert (after.total, after.bounds) == (before.total, before.bounds)
        assert after.missing == before.missing


class TestOverTime:
    """此前已拨付的计入封顶"""

    @given(capped("cap"), firms(), st.lists(firms(), max_size=2))
    def test_a_lifetime_cap_is_never_exceeded(
        self,
        group: Group,
        first: tuple[Any, Any, dict[str, Any]],
        later: list[tuple[Any, Any, dict[str, Any]]],
    ) -> None:
        """However often one asks, all members together never come to more."""
        rules = evolve(book(*RULES), groups=(group,))
        awards: list[dict[str, Any]] = []
        for record in (first[2], *(each[2] for each in later)):
            found = assessed({**record, "awards": awards}, rules)
            awards += [
                {"rule": name, "amount": str(found[name].amount)}
                for name in group.members
                if found[name].amount
            ]
        assert sum(Decimal(award["amount"]) for award in awards) <= 30
