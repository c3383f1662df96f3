"""Which of several amounts is paid, as propositions that every engine decides alike."""

import pytest

from hypothesis import given
from hypothesis import strategies as st

import incentives

from incentives import EngineDisagreement, evaluation
from incentives.combining import highest_only, unquestioned
from incentives.engines.durable import DurableRails, shared
from incentives.engines.rails import contest, decided
from incentives.engines.witness import Witness
from incentives.known import NOTHING_MISSING, Known
from incentives.verdict import Verdict

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN


@st.composite
def shares(draw: st.DrawFn) -> list[Known]:
    """A few amounts in fen, known, open, or without an upper end."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        low = draw(st.integers(0, 4))
        high = draw(st.one_of(st.none(), st.integers(low, 5)))
        missing = NOTHING_MISSING if low == high else frozenset({"x"})
        found.append(Known(low, high, missing))
    return found


def told(dues: list[Known]) -> list[tuple[tuple[Verdict, ...], Verdict]]:
    """What is said of where these amounts stand."""
    said: list[tuple[tuple[Verdict, ...], Verdict]] = []
    highest_only(dues, dues, lambda *each: said.append(each))
    return said


class TestContest:
    """就高不重复: the highest is paid, and none of those that it beats."""

    @given(shares())
    def test_places_follow_from_propositions(self, dues: list[Known]) -> None:
        """That an amount is paid is that some is due, and that no other beats it."""
        for rivalry, paid in told(dues):
            assert decided(contest(len(dues) - 1), rivalry) is paid

    @pytest.mark.skipif(shared() is None, reason="durable-rules is not installed")
    @given(shares())
    def test_durable_rules_agrees(self, dues: list[Known]) -> None:
        """Durable-rules infers the same places."""
        rails = shared()
        assert rails is not None
        for rivalry, paid in told(dues):
            assert rails.decided(contest(len(dues) - 1), rivalry) is paid

    def test_what_is_said(self) -> None:
        """Of two equal amounts the first is paid; of what is open, nobody knows."""
        ten, some = Known(10, 10), Known(0, 20, frozenset({"x"}))
        assert told([ten, ten]) == [((MET, UNMET), MET), ((MET, MET), UNMET)]
        assert told([ten, some]) == [((MET, UNKNOWN), UNKNOWN)] * 2
        assert told([Known(0, 0), ten]) == [((UNMET, MET), UNMET), ((MET, UNMET), MET)]
        unquestioned((MET,), MET)


class Lying(DurableRails):
    """Says of every contest that nobody is paid."""

    def __init__(self) -> None:
        self.asked = 0

    def decided(self, formula: object, pattern: object) -> Verdict:
        self.asked += 1
        return UNMET


class TestWitness:
    """Each distinct pattern of rivals is decided by every engine, once."""

    def test_agreement_is_remembered(self) -> None:
        """What all agree on is asked about once."""
        lying = Lying()
        witness = Witness(lambda: lying)
        for _ in range(2):
            witness.stands((UNMET, MET), UNMET)
        assert lying.asked == 1

    def test_what_is_remembered_is_bounded(self) -> None:
        """When enough is remembered, remembering starts anew."""
        lying = Lying()
        witness = Witness(lambda: lying, most_patterns=1)
        for rivalry in ((UNMET,), (UNMET, MET), (UNMET,)):
            witness.stands(rivalry, UNMET)
        assert lying.asked == 3

    def test_a_lie_of_durable_rules(self) -> None:
        """Where durable-rules differs nothing is awarded, and all of it is told."""
        with pytest.raises(EngineDisagreement) as refused:
            Witness(Lying).stands((MET, UNMET), MET)
        assert str(refused.value) == (
            "engines disagree on who of a group is paid: "
            "compiled: met, reference: met, durable: unmet\n"
            "  anything may be due, then beaten by each other: met, unmet"
        )

    def test_a_lie_of_the_caller(self) -> None:
        """What the caller found is refused too."""
        with pytest.raises(EngineDisagreement, match="compiled: met, reference: unmet"):
            Witness(lambda: None).stands((MET, MET), MET)

    def test_every_group_is_asked_about(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """`evaluate()` has the places of the rules of a group confirmed."""
        asked: list[tuple[Verdict, ...]] = []
        engine = evaluation.ENGINES["compiled"]
        book = incentives.bundled().under({"stacking": "highest-only"})
        subject = incentives.Enterprise(
            id="91350582MA31ABCD0M",
            city="泉州市",
            listings=[
                incentives.Listing(
                    list=name, publisher=publisher, year=2025, published="2025-08-28"
                )
                for name, publisher in (
                    ("中国民营企业500强", "中华全国工商业联合会"),
                    ("福建省民营企业100强", "福建省工商业联合会"),
                )
            ],
            recognitions=[],
        )
        witnessed = type(engine)(
            engine.explainer,
            lambda *_: None,
            stands=lambda rivalry, _: asked.append(rivalry),
        )
        found = evaluation.evaluate_by(
            witnessed, subject, as_of="2025-10-01", rules=book, readings=None
        )
        assert found.total == 5_000_000
        assert asked == [(MET, UNMET), (MET, MET)]
