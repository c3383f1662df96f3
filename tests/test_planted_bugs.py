"""Bugs planted in each engine, one at a time: the law of equal answers finds them all."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from incentives import Determination, EngineDisagreement, RuleBook
from incentives.engines import compiled, indexing, witness, writing
from incentives.engines.compiled import CompiledEngine
from incentives.engines.reference import ReferenceEngine
from incentives.engines.witness import Witness
from incentives.evaluation import evaluate_by
from incentives.structuring import subject_of
from incentives.verdict import Verdict
from tests.property.books import FIRMS, READER, rule_books
from tests.property.strategies import DAYS, partly_known
from tests.property.test_engines import looks
from tests.support.measuring import unmeasured

REFERENCE = ReferenceEngine()
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


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """No rule is compiled before the bug is there, or is left with it."""
    compiled._compiled.cache_clear()  # noqa: SLF001  # nothing else forgets
    yield
    compiled._compiled.cache_clear()  # noqa: SLF001  # as above


pytestmark = [
    # A bug makes a big book of a big counterexample: nobody reads it.
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
    unmeasured,
]


def differs(case: Case) -> bool:
    """Whether the engine says anything else than the reference, or refuses to say."""
    book, known, day = case
    # No book is too small for the index.
    engine = CompiledEngine(REFERENCE, Witness(lambda: None).confirm, few=0)
    as_of = date.fromisoformat(day)
    for record in known:
        subject = subject_of(record, READER)
        asked: dict[str, Any] = {"as_of": day, "rules": book, "readings": None}
        expected = evaluate_by(REFERENCE, subject, **asked)
        try:
            found = evaluate_by(engine, subject, **asked)
            if any(map(_unlike, found, expected)):
                return True
            for rule in book:
                of = (rule, subject, as_of)
                if looks(engine, *of) != looks(REFERENCE, *of):
                    return True
        except EngineDisagreement:
            return True
    return False


def _unlike(found: Determination, expected: Determination) -> bool:
    """Whether two determinations differ in what comes first: what, how much, and why."""
    pairs = ((d.outcome, d.amount, d.payable, d.code) for d in (found, expected))
    one, other = pairs
    return one != other or found.reason_code is not expected.reason_code


def caught() -> bool:
    """Whether the law finds a case in which something differs."""
    return differs(find(CASES, differs, settings=SEARCH))


#: What the lines of a compiled rule say, and what they ought not to.
LINES = {
    "an end that is not included": (" >= ", " > "),
    "another end that is not included": (" <= ", " < "),
    "the fen forgotten": ("* 100)", "* 10)"),
    "unknown taken for unmet": (" is False:\n", " is not True:\n"),
    "only the last record is paid": ("total += known", "total = known"),
    "the rest of the records forgotten": ("UNMET; continue\n", "UNMET; break\n"),
    "the highest for the lowest": ("min((", "max(("),
    "the records of an unknown list": ("GHOST: is_sure = False", "GHOST: pass"),
    "one of several records decides": ("else UNMET; continue", "else why; continue"),
    "what is open taken for nothing": ("if is_open: return", "if False: return"),
    "a share that is a little too high": ("nearest(", "nearest(9 + "),
    "an unmet requirement taken for another": ("= CONDITION_UNMET if", "= EXPIRED if"),
    "one requirement is enough": ("unmet = (", "unmet = 0 and ("),
    "an unmet rule that pays": ("if unmet: known = 0\n", "if False: known = 0\n"),
    "the place of a record": (" += 1\n", " += 2\n"),
}


@pytest.mark.parametrize(("right", "wrong"), LINES.values(), ids=LINES)
def test_compiled(monkeypatch: pytest.MonkeyPatch, right: str, wrong: str) -> None:
    """A wrong line of a compiled rule is found."""

    def mistaken(source: str, *names: str) -> object:
        return compile(source.replace(right, wrong), *names)

    monkeypatch.setattr(writing, "compile", mistaken, raising=False)
    assert caught()


def _unknown_is_nothing(table: Any, record: Any) -> Iterator[Any]:
    value = indexing.value_of(table.fact, record)
    return iter(()) if value is None else iter([table.every])


#: Parts of the index, and what they ought not to be.
PARTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "unknown values find nothing": (indexing._Table, "_at", _unknown_is_nothing),  # noqa: SLF001  # the bug is inside
    "a rule lost": (
        indexing.Index,
        "places",
        lambda index, _: range(1, len(index.rules)),
    ),
}


@pytest.mark.parametrize(("owner", "name", "wrong"), PARTS.values(), ids=PARTS)
def test_index(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    wrong: Callable[..., Any],
) -> None:
    """A rule that the index leaves out wrongly is found."""
    monkeypatch.setattr(owner, name, wrong)
    assert caught()


@pytest.mark.parametrize("verdict", Verdict)
def test_reference(monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    """A second opinion that is always the same is found."""
    monkeypatch.setattr(witness, "decided", lambda *_: verdict)
    assert caught()
