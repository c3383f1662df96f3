"""Bugs planted in the columns, one at a time: the law of equal answers finds them all."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from attrs import evolve
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from incentives import RuleBook
from incentives.engines.columns import column, functions, lists, lowering
from incentives.engines.columns.frame import Frame
from incentives.evaluation import evaluate
from incentives.policy import ReasonCode
from incentives.screening import judged, rows
from incentives.screening.gathering import gathered
from incentives.screening.screened import screened
from incentives.structuring import subject_of
from tests.property.books import FIRMS, READER, VOCABULARY, rule_books
from tests.property.strategies import DAYS, partly_known
from tests.property.test_screening import expected, said
from tests.support.measuring import unmeasured

SEARCH = settings(
    max_examples=2_000,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CASES = st.tuples(rule_books(), partly_known(FIRMS), DAYS)
Case = tuple[RuleBook, tuple[dict[str, Any], ...], str]

pytestmark = [
    # A bug makes a big book of a big counterexample: nobody reads it.
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
    unmeasured,
]


def differs(case: Case) -> bool:
    """Whether columns say anything else of a subject than evaluating it."""
    book, known, day = case
    subjects = [subject_of(record, READER) for record in known]
    population = gathered(subjects, VOCABULARY["enterprise"])
    found = screened(population, "enterprise", book, date.fromisoformat(day))
    for number, subject in enumerate(subjects):
        assessment = evaluate(subject, as_of=day, rules=book)
        if said(found, number) != expected(assessment, found):
            return True
    return False


def _instead(of: Callable[..., Any], change: Callable[[Any], Any]) -> Any:
    """What a function gives, changed."""
    return lambda *given, **named: change(of(*given, **named))


def _without_missing(found: Any) -> Any:
    return evolve(found, missing=column.NONE_MISSING)


def _known_both(truths: list[Any]) -> Any:
    """An unknown part of a conjunction, taken for an unmet one."""
    return [evolve(t, value=t.value.fill_null(value=False)) for t in truths]


joined, rounded, found_truth = lowering._joined, functions.rounded, lowering.found  # noqa: SLF001  # the bugs are inside

#: Where a bug is planted, under what name, and what stands there instead.
BUGS: dict[str, tuple[object, str, Any]] = {
    "unknown taken for unmet": (
        lowering,
        "_joined",
        lambda node, parts: joined(node, _known_both(parts)),
    ),
    "an end that is not included": (
        column,
        "_less",
        lambda left, right, *, strictly=False: left < right,
    ),
    "the least for the greatest": (lowering, "greatest_of", lowering.least_of),
    "the sum forgets a part": (
        lowering,
        "total_of",
        lambda parts: lowering.least_of(parts[:1]),
    ),
    "no fact is missing": (
        lowering,
        "found",
        _instead(found_truth, _without_missing),
    ),
    "a list that nobody knows is empty": (lists, "_given", lambda *_: True),
    "the record at hand is another's": (
        Frame,
        "subject_of_row",
        lambda frame: pl.int_range(frame.height, dtype=pl.Int64, eager=True),
    ),
    "the policy asks firms for its own date": (
        rows,
        "policy_bits",
        lambda _: rows.NOTHING,
    ),
    "one code for every reason": (
        rows,
        "reason",
        lambda _: pl.lit(rows.REASONS.index(ReasonCode.EXPIRED), dtype=pl.UInt8),
    ),
    "what columns do not say is believed": (
        judged,
        "named",
        _instead(judged.named, lambda t: t.with_columns(see=column.FALSE)),
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_planted(monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    """A wrong line of the columns is found."""
    monkeypatch.setattr(*BUGS[bug])
    assert differs(find(CASES, differs, settings=SEARCH))
