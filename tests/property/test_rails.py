"""Rails: durable-rules, plain Python and Kleene's tables decide every formula alike."""

from typing import Any

import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

from incentives import ir
from incentives.engines.durable import MOST, DurableRails, available
from incentives.engines.rails import (
    Either,
    Every,
    Formula,
    Opposite,
    Pattern,
    Proposition,
    Rail,
    Size,
    Some,
    Together,
    Wanted,
    decided,
    outline,
    propositions,
    rails,
    steps,
)
from incentives.ir import Comparison, Kind
from incentives.money import Rounding
from incentives.verdict import Verdict

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN

#: Formulas are cheap, and their shapes many.
often = settings(max_examples=2 * settings().max_examples)

WORD = ir.Constant("泉州市", Kind.TEXT)
#: A condition within a term, which is no proposition.
CHOSEN = ir.Choose((ir.Branch(ir.Holds(ir.Fact("a", Kind.BOOLEAN)), WORD),), WORD)
ATOMS: list[ir.Condition] = [
    ir.Holds(ir.Fact("technology_sme", Kind.BOOLEAN)),
    ir.Compare(Comparison.EQ, CHOSEN, WORD),
    ir.Member((WORD,), frozenset({("泉州市",)})),
    ir.Exists("listings", "listing", ir.All((ir.Holds(CHOSEN), ir.Any(())))),
]
CONDITIONS: st.SearchStrategy[ir.Condition] = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=9).map(lambda parts: ir.All(tuple(parts))),
        st.lists(inner, max_size=9).map(lambda parts: ir.Any(tuple(parts))),
        inner.map(ir.Not),
    ),
    max_leaves=60,
)
REQUIREMENTS = st.lists(CONDITIONS, max_size=4).map(tuple)


@st.composite
def decisions(draw: st.DrawFn) -> tuple[tuple[ir.Condition, ...], Pattern]:
    """All conditions of a rule, and what may be known of each proposition."""
    conditions = draw(REQUIREMENTS)
    leaves = len(propositions(conditions))
    # Of many propositions that are anything at all, a formula is rarely decided.
    usual = draw(st.sampled_from(Verdict))
    verdicts = st.one_of(st.just(usual), st.just(usual), st.sampled_from(Verdict))
    pattern = draw(st.lists(verdicts, min_size=leaves, max_size=leaves))
    return conditions, tuple(pattern)


TRUTHS: dict[Verdict, float] = {UNMET: 0, UNKNOWN: 0.5, MET: 1}


def kleene(condition: ir.Condition, truths: list[float]) -> float:
    """Kleene's strong logic on numbers, taking propositions off the list in order."""
    match condition:
        case ir.All(parts):
            return min([1, *[kleene(part, truths) for part in parts]])
        case ir.Any(parts):
            return max([0, *[kleene(part, truths) for part in parts]])
        case ir.Not(part):
            return 1 - kleene(part, truths)
        case _:
            return truths.pop(0)


def expected(conditions: tuple[ir.Condition, ...], pattern: Pattern) -> Verdict:
    truths = [TRUTHS[verdict] for verdict in pattern]
    found = kleene(ir.All(conditions), truths)
    assert not truths
    return next(verdict for verdict, truth in TRUTHS.items() if truth == found)


def there(rail: Rail, pattern: Pattern) -> bool:
    match rail:
        case Wanted(number, verdict):
            return pattern[number] is verdict
        case Together(parts):
            return all(there(part, pattern) for part in parts)
        case Either(parts):
            return any(there(part, pattern) for part in parts)


@often
@given(decisions())
def test_plain_python_decides_as_kleene(decision: Any) -> None:
    """What plain Python makes of a pattern is Kleene's strong logic."""
    conditions, pattern = decision
    found = decided(outline(conditions).formula, pattern)
    assert found is expected(conditions, pattern)


@often
@given(decisions())
def test_rails_are_there_where_decided(decision: Any) -> None:
    """The met rail is there where it is met, the unmet rail where it is unmet."""
    conditions, pattern = decision
    both, verdict = rails(outline(conditions).formula), expected(conditions, pattern)
    assert there(both.met, pattern) == (verdict is MET)
    assert there(both.unmet, pattern) == (verdict is UNMET)


@often
@given(decisions(), st.integers(2, 22), st.integers(1, 12), st.integers(2, 32))
def test_steps_decide_as_the_whole(
    decision: Any, leaves: int, connectives: int, ways: int
) -> None:
    """A formula cut into steps of any size comes to the same, and each is small."""
    conditions, pattern = decision
    most = Size(leaves, connectives, ways)
    known = list(pattern)
    for step in steps(outline(conditions).formula, len(pattern), most):
        inner = [known[number] for number in step.numbers]
        known.append(decided(step.formula, inner))
        assert size(step.formula).within(most)
    assert known[-1] is expected(conditions, pattern)


def size(formula: Formula) -> Size:
    """Leaves, connectives and the ways of the wider rail, counted on the rails."""
    both = rails(formula)
    counted = [_counted(both.met), _counted(both.unmet)]
    leaves, connectives = counted[0][:2]
    return Size(leaves, connectives, max(ways for _, _, ways in counted))


def _counted(rail: Rail) -> tuple[int, int, int]:
    if isinstance(rail, Wanted):
        return 1, 0, 1
    inner = [_counted(part) for part in rail.parts]
    leaves = sum(each[0] for each in inner)
    connectives = 1 + sum(each[1] for each in inner)
    ways = 1 if isinstance(rail, Together) else 0
    for each in inner:
        ways = ways * each[2] if isinstance(rail, Together) else ways + each[2]
    return leaves, connectives, ways


@often
@given(decisions(), st.data())
def test_learning_never_turns_a_verdict(decision: Any, data: st.DataObject) -> None:
    """What is decided stays so whatever becomes known."""
    conditions, pattern = decision
    more = tuple(
        data.draw(st.sampled_from(Verdict)) if verdict is UNKNOWN else verdict
        for verdict in pattern
    )
    formula = outline(conditions).formula
    before, after = decided(formula, pattern), decided(formula, more)
    assert before in {after, UNKNOWN}


@pytest.mark.skipif(not available(), reason="durable-rules is not installed")
class TestDurable:
    """The same laws for what durable-rules says."""

    rails = DurableRails() if available() else None

    @often
    @given(decisions())
    def test_durable_decides_as_kleene(self, decision: Any) -> None:
        """durable-rules infers Kleene's strong logic."""
        conditions, pattern = decision
        assert self.rails is not None
        found = self.rails.verdict(conditions, pattern)
        assert found is expected(conditions, pattern)
        assert found is decided(outline(conditions).formula, pattern)

    @given(st.data())
    def test_full_rulesets(self, data: st.DataObject) -> None:
        """As many leaves, connectives and ways as one ruleset may have are right."""
        conditions = data.draw(full())
        leaves = len(propositions([conditions]))
        verdicts = st.lists(st.sampled_from(Verdict), min_size=leaves, max_size=leaves)
        assert self.rails is not None
        for pattern in ([MET] * leaves, [UNMET] * leaves, data.draw(verdicts)):
            found = self.rails.verdict((conditions,), tuple(pattern))
            assert found is expected((conditions,), tuple(pattern))


@st.composite
def full(draw: st.DrawFn) -> ir.Condition:
    """A condition that nearly fills one ruleset, with no constants in it."""
    found: ir.Condition = ATOMS[0]
    for _ in range(draw(st.integers(MOST.leaves // 2, 2 * MOST.leaves))):
        parts = [found, *[ATOMS[0]] * draw(st.integers(1, 3))]
        every = tuple(draw(st.permutations(parts)))
        found = ir.All(every) if draw(st.booleans()) else ir.Any(every)
    return found


class TestOutline:
    """What is a proposition, and in which order."""

    def test_terms_and_records_hold_no_propositions(self) -> None:
        """A condition inside a term or about a record is not a proposition."""
        assert propositions(ATOMS) == tuple(ATOMS)

    def test_propositions_are_numbered_in_order(self) -> None:
        """The numbers follow the conditions, whatever stands between them."""
        holds, compare, member, exists = ATOMS
        found = outline([ir.Not(holds), ir.Any((compare, ir.All((member,)))), exists])
        zero, one, two, three = map(Proposition, range(4))
        assert found.propositions == tuple(ATOMS)
        assert found.formula == Every(
            (Opposite(zero), Some((one, Every((two,)))), three)
        )

    def test_the_same_condition_twice(self) -> None:
        """Whoever says a thing twice has two propositions."""
        assert propositions([ATOMS[0]] * 2) == (ATOMS[0], ATOMS[0])

    def test_every_kind_of_term_is_passed_over(self) -> None:
        """Conditions are found whatever terms they compare."""
        fact = ir.Fact("figure", Kind.MONEY)
        yes = ir.All(())
        terms: list[ir.Term] = [
            ir.Figure(fact, ir.AsOf()),
            ir.Add((fact, fact)),
            ir.Round(fact, 1, Rounding.HALF_UP),
            ir.Lookup("t", "c", (fact,), {}, fact),
            ir.Sum("listings", "listing", yes, fact),
            ir.Extreme("listings", "listing", yes, fact, True, fact),  # noqa: FBT003  # a field
        ]
        conditions = [ir.Compare(Comparison.EQ, term, fact) for term in terms]
        assert propositions(conditions) == tuple(conditions)


def test_steps_of_one_shape_are_equal() -> None:
    """The shape of a step does not depend on which propositions it is about."""
    pairs = tuple(
        Some((Proposition(2 * each), Proposition(2 * each + 1))) for each in range(3)
    )
    most = Size(leaves=2, connectives=1, ways=2)
    *made, last = steps(Every(pairs), 6, most)
    shapes = {step.formula for step in made}
    assert Some((Proposition(0), Proposition(1))) in shapes
    assert len(shapes) == 2
    assert last.formula == Every((Proposition(0), Proposition(1)))
