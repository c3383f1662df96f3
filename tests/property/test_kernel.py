"""Every node of the kernel: what is known of a value contains the value."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from incentives import Enterprise, ir
from incentives.dates import NEVER
from incentives.engines.meanings import find, work_out
from incentives.engines.world import World
from incentives.ir import Kind
from incentives.known import Known
from incentives.verdict import Verdict
from tests.property.books import FIRMS, READER, conditions, terms
from tests.property.strategies import EDGES, partly_known

Three = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
AT_HAND = frozenset({"platform"})
DAYS = st.sampled_from([date.fromisoformat(day) for day in EDGES])
KINDS = st.sampled_from([Kind.MONEY, *(k for k in Kind if k is not Kind.BOOLEAN)])

#: Nodes are cheap, and their combinations many.
often = settings(max_examples=3 * settings().max_examples)


def world(record: dict[str, Any], day: date) -> World:
    """The first platform is at hand, if the list is known and has one."""
    subject = Enterprise.from_dict(record, rules=READER)
    platform = subject.platforms[0] if subject.platforms else None
    return World(subject, day, {}).with_record("platform", platform, "platforms[0]")


def contains(outer: Known, inner: Known) -> bool:
    """Whether nothing is possible inside that was impossible outside."""
    if outer.is_known or isinstance(outer.value, str):
        return inner.low == outer.low and inner.high == outer.high
    low: Any = outer.low
    high: Any = outer.high
    return (low is None or (inner.low is not None and low <= inner.low)) and (
        high is None or (inner.high is not None and inner.high <= high)
    )


class TestThreeValued:
    """A value that is not known is an interval of what it can still be."""

    @often
    @given(
        KINDS.flatmap(lambda kind: terms(kind, AT_HAND, 3)),
        partly_known(FIRMS),
        DAYS,
    )
    def test_learning_narrows_every_term(
        self, term: ir.Term, known: Three, day: date
    ) -> None:
        """With more facts the ends of a term only come nearer."""
        less, more, full = (
            work_out(term, world(record, day)).known for record in known
        )
        assert contains(less, more)
        assert contains(more, full)

    @often
    @given(conditions(AT_HAND, 3), partly_known(FIRMS), DAYS)
    def test_learning_never_turns_a_condition(
        self, condition: ir.Condition, known: Three, day: date
    ) -> None:
        """Met stays met and unmet stays unmet."""
        less, more, full = (find(condition, world(record, day)) for record in known)
        if less.verdict is not Verdict.UNKNOWN:
            assert more.verdict is less.verdict
        if more.verdict is not Verdict.UNKNOWN:
            assert full.verdict is more.verdict

    @often
    @given(conditions(AT_HAND, 3), partly_known(FIRMS), DAYS)
    def test_only_what_is_unknown_misses_something(
        self, condition: ir.Condition, known: Three, day: date
    ) -> None:
        """What is decided misses nothing, and what is open says what it misses."""
        for record in known:
            found = find(condition, world(record, day))
            assert bool(found.missing) is (found.verdict is Verdict.UNKNOWN)

    @given(
        KINDS.flatmap(lambda kind: terms(kind, AT_HAND, 3)),
        partly_known(FIRMS),
        DAYS,
    )
    def test_only_what_is_open_misses_something(
        self, term: ir.Term, known: Three, day: date
    ) -> None:
        """A value that is known misses nothing, and one that is open says what."""
        for record in known:
            found = work_out(term, world(record, day)).known
            assert bool(found.missing) is not found.is_known

    @given(terms(Kind.DATE, AT_HAND, 3), FIRMS, DAYS)
    def test_days_stay_in_the_calendar(
        self, term: ir.Term, record: dict[str, Any], day: date
    ) -> None:
        """However a day is moved, it is one of the calendar, or never comes."""
        found = work_out(term, world(record, day)).known
        for end in (found.low, found.high):
            assert end is None or (isinstance(end, date) and end <= NEVER)
