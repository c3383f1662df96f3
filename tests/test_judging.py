"""One rule for one subject: its items, how they combine, and what explains them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from attrs import evolve

import incentives

from incentives import Determination, Enterprise, Outcome, ReasonCode, Rule, ir
from incentives.engines.reference import ReferenceEngine
from incentives.evaluation import Inquiry
from incentives.ir import Comparison, Kind
from incentives.judging import determine
from incentives.known import Known
from incentives.money import Rounding
from incentives.policy import Clause, Each, Requirement, Window
from incentives.standards import Cash, Combination, Discretionary, NonCash

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"
DAY = date(2026, 6, 1)
DUE, NOT, OPEN, FREE = (
    Outcome.ELIGIBLE,
    Outcome.INELIGIBLE,
    Outcome.UNDETERMINED,
    Outcome.DISCRETIONARY,
)

COST = ir.Fact("equipment_cost", Kind.MONEY, "platform", low=0)
CHAIN = ir.Fact("chain", Kind.TEXT, "platform")
OPERATED = ir.Holds(ir.Fact("market_operated", Kind.BOOLEAN, "platform"))
IN_CITY = ir.Compare(
    Comparison.EQ, ir.Fact("city", Kind.TEXT), ir.Constant("泉州市", Kind.TEXT)
)
EACH = Each("platforms", "platform", CHAIN)
AMOUNT = ir.Round(
    ir.Least((COST, ir.Constant(50_000, Kind.MONEY))), 1, Rounding.HALF_UP
)
ONCE = Cash(AMOUNT, Combination.ONCE)
ONCE_PER_CHAIN = Cash(AMOUNT, Combination.ONCE, CHAIN)


def rule(
    award: Any = None, each: Each | None = EACH, *conditions: ir.Condition
) -> Rule:
    return Rule(
        id="private-top-500",
        title="（虚构）",
        clause=Clause("一", "（虚构）"),
        subject="enterprise",
        requirements=tuple(
            Requirement(ReasonCode.CONDITION_UNMET, condition)
            for condition in (conditions or (OPERATED,))
        ),
        award=Cash(AMOUNT) if award is None else award,
        window=Window(None, DAY, DAY, DAY),
        each=each,
    )


def judged(of: Rule, *platforms: dict[str, Any] | None, **facts: Any) -> Determination:
    """The determination for a firm with these platforms; None alone is unknown."""
    listed: dict[str, Any] = {} if platforms == (None,) else {"platforms": platforms}
    subject = Enterprise.from_dict({"id": FIRM, **listed, **facts})
    engine = ReferenceEngine()
    found = determine(of, subject, DAY, engine)
    return Determination(of, found, Inquiry(subject, DAY, incentives.bundled(), engine))


def platform(
    cost: str | None = "100", chain: str | None = "运动鞋", **facts: Any
) -> Any:
    known = {"market_operated": True, "chain": chain, "equipment_cost": cost}
    return {**known, **facts}


def outcomes(found: Determination) -> list[tuple[Outcome, Decimal | None]]:
    return [(item.outcome, item.amount) for item in found.items]


class TestEvery:
    """Each record is paid for what it is worth."""

    def test_added_up(self) -> None:
        """Items are added, and each says where its record stands and what it is."""
        found = judged(rule(), platform("100"), platform("200", "建陶"))
        assert (found.outcome, found.amount) == (DUE, Decimal(300))
        assert outcomes(found) == [(DUE, Decimal(100)), (DUE, Decimal(200))]
        assert [item.path for item in found.items] == ["platforms[0]", "platforms[1]"]
        assert [item.label for item in found.items] == ["运动鞋", "建陶"]
        assert found.leading is found.items[1]

    def test_an_unmet_record_adds_nothing(self) -> None:
        """One record may be due and another not."""
        found = judged(rule(), platform(), platform(market_operated=False))
        assert (found.outcome, found.amount) == (DUE, Decimal(100))
        assert outcomes(found) == [(DUE, Decimal(100)), (NOT, Decimal(0))]

    def test_an_unknown_record_leaves_the_rule_open(self) -> None:
        """What a record perhaps adds keeps the sum between two ends."""
        found = judged(rule(), platform(), platform(market_operated=None))
        assert (found.outcome, found.amount) == (OPEN, None)
        assert found.bounds == (Decimal(100), Decimal(200))
        assert found.missing == ("platforms[1].market_operated",)

    def test_what_leaves_a_rule_open_explains_it(self) -> None:
        """The reasons of an open rule are those of the record that is open."""
        found = judged(rule(), platform("500"), platform("1", market_operated=None))
        assert found.leading is found.items[1]
        assert [reason.code for reason in found.reasons] == [ReasonCode.FACT_MISSING]

    def test_an_unknown_cost_below_its_cap(self) -> None:
        """An unknown amount leaves the rule open up to its cap."""
        found = judged(rule(), platform(None))
        assert (found.outcome, found.bounds) == (OPEN, (Decimal(0), Decimal(500)))
        assert found.missing == ("platforms[0].equipment_cost",)

    def test_no_ambiguous_word(self) -> None:
        """A rule that depends on no reading has no alternatives."""
        assert judged(rule(), platform()).alternatives == ()

    def test_an_amount_of_nothing(self) -> None:
        """What comes to nothing is not due, and says so."""
        found = judged(rule(), platform("0"))
        assert (found.outcome, found.amount) == (NOT, Decimal(0))
        assert found.code is ReasonCode.NOTHING_DUE

    def test_an_amount_of_nothing_although_a_condition_is_unknown(self) -> None:
        """What comes to nothing is decided whatever else is learnt."""
        found = judged(rule(), platform("0", market_operated=None))
        assert (found.outcome, found.amount, found.missing) == (NOT, Decimal(0), ())

    def test_nearest_to_being_due_explains(self) -> None:
        """Of records that are not due, the one with the fewest failures explains."""
        twice = rule(None, EACH, OPERATED, IN_CITY)
        found = judged(
            twice, platform(market_operated=False), platform(), city="厦门市"
        )
        assert found.leading is found.items[1]


class TestOnce:
    """一次性奖励: of several records only the highest is paid."""

    def test_the_highest(self) -> None:
        """The others are told that another record takes it."""
        found = judged(rule(ONCE), platform("100"), platform("300"), platform("200"))
        assert (found.outcome, found.amount) == (DUE, Decimal(300))
        assert [item.code for item in found.items] == [
            ReasonCode.ONCE_ONLY,
            None,
            ReasonCode.ONCE_ONLY,
        ]

    def test_the_first_among_equals(self) -> None:
        """Among equal records one is paid, whatever their order."""
        one, other = platform(chain="建陶"), platform(chain="运动鞋")
        found = judged(rule(ONCE), one, other)
        swapped = judged(rule(ONCE), other, one)
        assert found.amount == swapped.amount == Decimal(100)
        paid = [
            item.label
            for each in (found, swapped)
            for item in each.items
            if item.outcome is DUE
        ]
        assert len(set(paid)) == 1
        assert len(paid) == 2

    def test_one_that_may_be_higher_stays_open(self) -> None:
        """While a record may still be the highest, the rule is open."""
        found = judged(
            rule(ONCE), platform("100"), platform("300", market_operated=None)
        )
        assert (found.outcome, found.bounds) == (OPEN, (Decimal(100), Decimal(300)))
        assert found.missing == ("platforms[1].market_operated",)

    def test_one_that_cannot_be_higher_is_beaten(self) -> None:
        """A record that cannot be the highest leaves nothing open."""
        found = judged(
            rule(ONCE), platform("300"), platform("100", market_operated=None)
        )
        assert (found.outcome, found.amount) == (DUE, Decimal(300))
        assert found.items[1].code is ReasonCode.ONCE_ONLY

    def test_without_limit(self) -> None:
        """A record whose amount has no limit may always be the highest."""
        endless = Cash(ir.Round(COST, 1, Rounding.HALF_UP), Combination.ONCE)
        found = judged(rule(endless), platform("300"), platform(None))
        assert (found.outcome, found.bounds) == (OPEN, (Decimal(300), None))

    def test_per_key(self) -> None:
        """Once for each key: the highest of every chain."""
        found = judged(
            rule(ONCE_PER_CHAIN),
            platform("100", "建陶"),
            platform("200", "建陶"),
            platform("50", "运动鞋"),
        )
        assert (found.outcome, found.amount) == (DUE, Decimal(250))
        assert [item.outcome for item in found.items] == [NOT, DUE, DUE]

    def test_an_unknown_key(self) -> None:
        """A record of an unknown key may share any of them, or have its own."""
        found = judged(
            rule(ONCE_PER_CHAIN), platform("100", "建陶"), platform("300", None)
        )
        assert (found.outcome, found.bounds) == (OPEN, (Decimal(300), Decimal(400)))
        assert found.missing == ("platforms[1].chain",)

    def test_two_unknown_keys(self) -> None:
        """Records of unknown keys may share one, or have one each."""
        found = judged(
            rule(ONCE_PER_CHAIN), platform("100", None), platform("200", None)
        )
        assert found.bounds == (Decimal(200), Decimal(300))
        assert found.missing == ("platforms[0].chain", "platforms[1].chain")

    def test_an_unknown_key_of_an_endless_amount(self) -> None:
        """Without a limit of one record there is none of all."""
        endless = Cash(ir.Round(COST, 1, Rounding.HALF_UP), Combination.ONCE, CHAIN)
        found = judged(rule(endless), platform("1", None), platform(None, None))
        assert found.bounds == (Decimal(1), None)
        both = judged(rule(endless), platform(None, None), platform(None, None))
        assert both.bounds == (Decimal(0), None)

    def test_an_open_and_an_endless_record_of_one_key(self) -> None:
        """The highest of one key has no limit where one of its records has none."""
        endless = Cash(ir.Round(COST, 1, Rounding.HALF_UP), Combination.ONCE, CHAIN)
        found = judged(
            rule(endless), platform(None), platform("5", market_operated=None)
        )
        assert found.bounds == (Decimal(0), None)


class TestLists:
    def test_an_unknown_list(self) -> None:
        """Nobody knows how many records there are, nor what they come to."""
        found = judged(rule(), None)
        assert (found.outcome, found.bounds) == (OPEN, (Decimal(0), None))
        assert (found.items, found.missing) == ((), ("platforms",))

    def test_an_unknown_list_that_is_assumed_to_be_short(self) -> None:
        """Bounds take at most so many records for granted."""
        found = judged(rule(None, evolve(EACH, at_most=2)), None)
        assert found.bounds == (Decimal(0), Decimal(1000))

    def test_an_unknown_list_of_which_one_is_paid(self) -> None:
        """Once is once, however long the list is."""
        assert judged(rule(ONCE), None).bounds == (Decimal(0), Decimal(500))
        assert judged(rule(ONCE_PER_CHAIN), None).bounds == (Decimal(0), None)

    def test_an_unknown_list_that_cannot_matter(self) -> None:
        """A condition of the subject that is unmet decides without the list."""
        found = judged(rule(None, EACH, IN_CITY), None, city="厦门市")
        assert (found.outcome, found.amount, found.missing) == (NOT, Decimal(0), ())

    def test_an_empty_list(self) -> None:
        """Without a record nothing is due, and only what is known is said."""
        found = judged(rule(None, EACH, OPERATED, IN_CITY), city="泉州市")
        assert (found.outcome, found.amount, found.missing) == (NOT, Decimal(0), ())
        codes = [reason.code for reason in found.reasons]
        assert codes == [ReasonCode.NO_RECORD, ReasonCode.CONDITION_MET]


class TestSubjectItself:
    def test_without_records(self) -> None:
        """A rule about the subject itself has one item without a place."""
        award = Cash(ir.Constant(100, Kind.MONEY))
        found = judged(rule(award, None, IN_CITY), city="泉州市")
        assert (found.outcome, found.amount) == (DUE, Decimal(1))
        assert [(item.path, item.label) for item in found.items] == [("", "")]

    def test_another_subject(self) -> None:
        """A rule for counties comes to nothing for an enterprise, without items."""
        county = evolve(rule(), subject="county")
        found = judged(county, platform())
        assert (found.outcome, found.amount, found.items) == (NOT, Decimal(0), ())
        assert [reason.code for reason in found.reasons] == [ReasonCode.OTHER_SUBJECT]


class TestWithoutMoney:
    @pytest.mark.parametrize(
        ("operated", "outcomes_of"),
        [
            ([True, False], (DUE, FREE)),
            ([None, True], (DUE, FREE)),
            ([False, None], (OPEN, OPEN)),
            ([False, False], (NOT, NOT)),
        ],
    )
    def test_one_record_is_enough(
        self, operated: list[bool | None], outcomes_of: tuple[Outcome, Outcome]
    ) -> None:
        """A support is given as soon as one record meets its conditions."""
        platforms = [platform(market_operated=each) for each in operated]
        awards = (NonCash("支持"), Discretionary("酌情"))
        for award, outcome in zip(awards, outcomes_of, strict=True):
            found = judged(rule(award), *platforms)
            assert found.outcome is outcome
            assert found.amount == (0 if outcome is NOT else None)
            assert found.entitlement == Known(0, 0)

    def test_discretion_says_why(self) -> None:
        """Where the text states no amount, that is the reason."""
        found = judged(rule(Discretionary("酌情")), platform())
        assert found.reasons[0].code is ReasonCode.NO_AMOUNT_IN_TEXT

    def test_an_unknown_list(self) -> None:
        """Of an unknown list nobody knows whether it has a record that is enough."""
        for award in (NonCash("支持"), Discretionary("酌情")):
            found = judged(rule(award), None)
            assert (found.outcome, found.missing) == (OPEN, ("platforms",))


class TestHistory:
    """“给予不超过500万元补助”: what was paid before counts against the cap."""

    LEFT = ir.Round(
        ir.Greatest(
            (
                ir.Constant(0, Kind.MONEY),
                ir.Add(
                    (
                        ir.Constant(50_000, Kind.MONEY),
                        ir.Negate(
                            ir.Sum(
                                "awards",
                                "award",
                                ir.All(()),
                                ir.Fact("amount", Kind.MONEY, "award", low=0),
                            )
                        ),
                    )
                ),
            )
        ),
        1,
        Rounding.HALF_UP,
    )

    @pytest.mark.parametrize(
        ("paid", "outcome", "amount", "code"),
        [
            ([], DUE, 500, None),
            (["200"], DUE, 300, None),
            (["200", "300"], NOT, 0, ReasonCode.ALREADY_AWARDED),
            (["9000"], NOT, 0, ReasonCode.ALREADY_AWARDED),
        ],
    )
    def test_what_is_left(
        self, paid: list[str], outcome: Outcome, amount: int, code: ReasonCode | None
    ) -> None:
        """The rest of the cap is due; when nothing is left, that is why."""
        awards = [{"rule": "pilot-platform", "amount": each} for each in paid]
        found = judged(rule(Cash(self.LEFT)), platform(), awards=awards)
        assert (found.outcome, found.amount) == (outcome, Decimal(amount))
        assert found.code is code

    def test_nobody_knows_what_was_paid(self) -> None:
        """A payment of an unknown amount leaves anything up to the cap."""
        awards = [{"rule": "pilot-platform"}]
        found = judged(rule(Cash(self.LEFT)), platform(), awards=awards)
        assert (found.outcome, found.bounds) == (OPEN, (Decimal(0), Decimal(500)))
        assert found.missing == ("awards[0].amount",)
