"""Met, unmet, unknown: the tables of Kleene, in full."""

from itertools import product

import pytest

from incentives.verdict import Verdict, all_of, any_of, negated, verdict_of

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN

AND = {
    (MET, MET): MET,
    (MET, UNKNOWN): UNKNOWN,
    (MET, UNMET): UNMET,
    (UNKNOWN, MET): UNKNOWN,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, UNMET): UNMET,
    (UNMET, MET): UNMET,
    (UNMET, UNKNOWN): UNMET,
    (UNMET, UNMET): UNMET,
}
OR = {
    (MET, MET): MET,
    (MET, UNKNOWN): MET,
    (MET, UNMET): MET,
    (UNKNOWN, MET): MET,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, UNMET): UNKNOWN,
    (UNMET, MET): MET,
    (UNMET, UNKNOWN): UNKNOWN,
    (UNMET, UNMET): UNMET,
}


@pytest.mark.parametrize(("pair", "expected"), AND.items())
def test_all_of_two(pair: tuple[Verdict, Verdict], expected: Verdict) -> None:
    """One that is unmet decides; else one that is unknown leaves all of them open."""
    assert all_of(pair) is expected


@pytest.mark.parametrize(("pair", "expected"), OR.items())
def test_any_of_two(pair: tuple[Verdict, Verdict], expected: Verdict) -> None:
    """One that is met decides; else one that is unknown leaves all of them open."""
    assert any_of(pair) is expected


def test_of_nothing() -> None:
    """All of nothing is met, any of nothing is unmet."""
    assert (all_of([]), any_of([])) == (MET, UNMET)


@pytest.mark.parametrize("three", list(product(Verdict, repeat=3)))
def test_more_than_two(three: tuple[Verdict, Verdict, Verdict]) -> None:
    """Three come to what two of them and the third come to, in any order."""
    first, second, third = three
    assert all_of(three) is all_of([all_of([first, second]), third])
    assert any_of(three) is any_of([third, any_of([second, first])])


@pytest.mark.parametrize(
    ("verdict", "opposite"), [(MET, UNMET), (UNMET, MET), (UNKNOWN, UNKNOWN)]
)
def test_negated(verdict: Verdict, opposite: Verdict) -> None:
    """What is unknown is unknown either way."""
    assert negated(verdict) is opposite


@pytest.mark.parametrize("pair", list(product(Verdict, repeat=2)))
def test_de_morgan(pair: tuple[Verdict, Verdict]) -> None:
    """Not all of them is any of their opposites."""
    assert negated(all_of(pair)) is any_of(map(negated, pair))


def test_verdict_of_what_is_known() -> None:
    """What is known is met or unmet."""
    assert verdict_of(truth=True) is MET
    assert verdict_of(truth=False) is UNMET


def test_marks() -> None:
    """Each verdict has its mark."""
    assert [verdict.mark for verdict in (MET, UNMET, UNKNOWN)] == ["✓", "✗", "?"]
