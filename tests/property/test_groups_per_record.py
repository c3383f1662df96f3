"""The highest of each record: exact where all is known, and sound while it is not.

Each rule pays for a platform what one of its costs comes to, up to a cap of its own;
the last one only under a condition, and over time: of the whole no more than some is
due now.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives import Outcome, ReasonCode, RuleBook, ir
from incentives.grouping import Capped, Group, Highest, PerRecord
from incentives.ir import Kind
from incentives.policy import Each, Requirement, Rule
from incentives.standards import Cash, Instalment, Schedule
from tests.property.books import PAST, WINDOW
from tests.property.strategies import FIRM
from tests.property.test_groups import assessed, room, yuan
from tests.property.test_knowledge import decided, within
from tests.test_stacking import book, cash

COSTS = ("equipment_cost", "software_cost", "fiscal_funding")
IDS = ("r0", "r1", "r2")
#: More than a platform gives under any rule, what is due of the last one, of a cap.
MOST, NOW, CAP = 15, 6, 20
#: How many platforms there are at most, as bounds assume of an unknown list.
PLATFORMS = 3


def rule(index: int) -> Rule:
    cost = ir.Fact(COSTS[index], Kind.MONEY, "platform", low=0)
    whole = ir.Least((cost, yuan(MOST)))
    made = cash(IDS[index], whole)
    always = Requirement(ReasonCode.CONDITION_UNMET, ir.All(()))
    each = Each("platforms", "platform", at_most=PLATFORMS)
    made = evolve(made, window=WINDOW, each=each, requirements=(always,))
    if index < len(IDS) - 1:
        return made
    holds = ir.Holds(ir.Fact("market_operated", Kind.BOOLEAN, "platform"))
    paid = Instalment(whole, ir.Constant(date(2026, 1, 1), Kind.DATE))
    schedule = Schedule(whole, (paid,), ir.Constant(0, Kind.MONEY), whole)
    return evolve(
        made,
        requirements=(Requirement(ReasonCode.CONDITION_UNMET, holds),),
        award=Cash(ir.Least((whole, yuan(NOW))), schedule=schedule),
    )


PER = PerRecord("platforms", "id", ir.Fact("record", Kind.TEXT, "award"))
HIGHEST = Group("highest", IDS, Highest(PAST, PER))
TOGETHER = Group("cap", IDS, Capped({"enterprise": room(yuan(CAP), IDS)}))
BOOK = evolve(book(*map(rule, range(len(IDS)))), groups=(HIGHEST,))
BOOKS = st.sampled_from([BOOK, evolve(BOOK, groups=(TOGETHER, HIGHEST))])

AMOUNTS = st.integers(0, MOST + 5)
PLATFORM = st.fixed_dictionaries(
    {"market_operated": st.booleans(), **dict.fromkeys(COSTS, AMOUNTS)}
)
PAID = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(IDS),
        "amount": st.integers(1, 8),
        "record": st.sampled_from(["p0", "p1", "gone"]),
    }
)
#: What may be unknown of an award; the rule never is.
SECRET = {"amount", "record"}
Three = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


@st.composite
def firms(draw: st.DrawFn) -> Three:
    """A firm with little known, with more, and with everything."""
    drawn = draw(st.lists(PLATFORM, max_size=PLATFORMS))
    platforms = [{"id": f"p{at}", **each} for at, each in enumerate(drawn)]
    awards = draw(st.lists(PAID, max_size=2))
    levels = st.sampled_from([0, 0, 0, 1, 2])
    needed = {
        (at, name): draw(levels)
        for at, record in enumerate([*platforms, *awards])
        for name in record
        if at < len(platforms) or name in SECRET
    }
    listed = draw(levels)

    def seen(level: int) -> dict[str, Any]:
        """The firm as it is known where only what is below a level is unknown."""
        shown = [
            {k: v for k, v in record.items() if needed.get((at, k), 0) <= level}
            for at, record in enumerate([*platforms, *awards])
        ]
        count = len(platforms)
        lists = {"platforms": shown[:count]} if listed <= level else {}
        return {"id": FIRM, **lists, "awards": shown[count:]}

    return seen(0), seen(1), seen(2)


def expected(record: Mapping[str, Any], rules: RuleBook) -> dict[str, int]:
    """The law by hand, in yuan, for a firm of which all is known."""
    due = dict.fromkeys(IDS, 0)
    for platform in record["platforms"]:
        paid = dict.fromkeys(IDS, 0)
        for award in record["awards"]:
            if award["record"] == platform["id"]:
                paid[award["rule"]] += award["amount"]
        whole = {n: min(platform[c], MOST) for n, c in zip(IDS, COSTS, strict=True)}
        whole["r2"] *= platform["market_operated"]
        now = {**whole, "r2": min(whole["r2"], NOW)}
        others = {name: sum(paid.values()) - paid[name] for name in IDS}
        best = max(IDS, key=lambda name: max(0, whole[name] - others[name]))
        due[best] += max(0, now[best] - others[best])
    if TOGETHER in rules.groups:
        left = max(0, CAP - sum(award["amount"] for award in record["awards"]))
        for name in IDS:
            due[name] = min(due[name], left)
            left -= due[name]
    return due


class TestExact:
    """同一项目就高不重复"""

    @given(BOOKS, firms())
    def test_what_is_known_is_computed_to_the_fen(
        self, rules: RuleBook, known: Three
    ) -> None:
        """Of each platform the highest, less what the others got for it before."""
        found = assessed(known[2], rules)
        assert {each.rule.id: each.amount for each in found} == expected(
            known[2], rules
        )
        assert found.bounds == (found.total, found.total)
        assert found.missing == ()

    @given(firms())
    def test_items_add_up(self, known: Three) -> None:
        """No platform is paid twice, and items explain the amount of their rule."""
        found = assessed(known[2], BOOK)
        for each in found:
            assert sum(item.amount or 0 for item in each.items) == each.amount
            for item in each.items:
                beaten = item.code is ReasonCode.SUPERSEDED
                assert beaten == (item.rival is not None)
                assert item.rival != each.rule.id
        paid = [item.path for each in found for item in each.items if item.amount]
        assert len(paid) == len(set(paid))

    @given(firms(), st.data())
    def test_the_order_of_the_list_does_not_matter(
        self, known: Three, data: st.DataObject
    ) -> None:
        """However the platforms are listed, every rule comes to the same."""
        for record in known:
            platforms = record.get("platforms", [])
            mixed = {**record, "platforms": data.draw(st.permutations(platforms))}
            here, there = (
                [
                    (each.outcome, each.amount, each.bounds, each.code)
                    for each in assessed({**record, **change}, BOOK)
                ]
                for change in ({"platforms": platforms}, mixed)
            )
            assert here == there


class TestKleene:
    """A rule decided by what is known stays decided whatever else is learnt."""

    @settings(max_examples=4 * settings().max_examples)
    @given(BOOKS, firms())
    def test_learning_never_takes_an_answer_back(
        self, rules: RuleBook, known: Three
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

    @given(BOOKS, firms())
    def test_bounds_hold_every_completion(self, rules: RuleBook, known: Three) -> None:
        """What a firm comes to by hand lies within the bounds of what is known."""
        wanted = {n: Decimal(yuan) for n, yuan in expected(known[2], rules).items()}
        total = sum(wanted.values(), Decimal(0))
        for record in known:
            found = assessed(record, rules)
            assert within((total, total), found.bounds)
            for name, amount in wanted.items():
                assert within((amount, amount), found[name].bounds)

    @given(BOOKS, firms())
    def test_everything_open_is_missing_something(
        self, rules: RuleBook, known: Three
    ) -> None:
        """What is undetermined names the facts that would decide it."""
        for each in assessed(known[0], rules):
            assert (each.outcome is Outcome.UNDETERMINED) == bool(each.missing)
