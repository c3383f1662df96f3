"""Several records of one subject in columns: which is paid, what is open, and why."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations_with_replacement, product
from typing import Any

import polars as pl
import pytest

import incentives

from incentives.facts import County, Enterprise
from incentives.screening import judged
from incentives.screening import screened as under_test
from incentives.screening.gathering import gathered
from incentives.screening.places import ranked
from incentives.screening.rows import OUTCOMES, REASONS
from incentives.screening.screened import Batch, item_reason, screened
from incentives.structuring import subject_of
from tests.support.canglang import Make

DAY = date(2027, 6, 1)
COSTS = (None, "99万元", "100万元", "200万元", "600万元")
ACCEPTED = (None, "2026-03-01", "2026-04-01")

HEAD = "each: project\nevent: project.accepted\n"
RULES = {
    "once": "conditions: [project.cost ≥ 100万元, staff ≥ 20人]\n"
    "award: {rate: 10%, of: project.cost, cap: 50万元}\nonce: per enterprise\n",
    "every": "conditions: [project.cost ≥ 100万元]\n"
    "award: {rate: 10%, of: project.cost}\n",
    "each-once": "conditions: [none]\naward: {rate: 10%, of: project.cost}\n"
    "once: per project.id\n",
    "support": "conditions: [project.cost ≥ 200万元]\naward: {non-cash: 优先推荐}\n",
}


def projects() -> list[dict[str, Any]]:
    """Every project that these rules tell apart."""
    return [
        {k: v for k, v in (("cost", cost), ("accepted", day)) if v is not None}
        for cost, day in product(COSTS, ACCEPTED)
    ]


def subjects(book: incentives.RuleBook) -> list[Enterprise | County]:
    """Firms with two of these projects, or three, of known and of unknown size."""
    two = list(combinations_with_replacement(projects(), 2))
    three = [(*pair, projects()[n % 15]) for n, pair in enumerate(two)]
    records = [
        {
            "id": f"x{number}",
            "projects": [{"id": f"p{n}", **each} for n, each in enumerate(some)],
            **({"staff": 30} if number % 3 else {}),
        }
        for number, some in enumerate([*two, *three])
    ]
    return [subject_of(record, book) for record in records]


def told(
    make: Make, monkeypatch: pytest.MonkeyPatch, names: Sequence[str]
) -> dict[str, tuple[Batch, int]]:
    """For each rule what columns say of all firms, and how many they look up."""
    found = {}
    for name in names:
        body = RULES[name]
        book = make(**{name: HEAD + body})
        seen: list[int] = []
        inquiries = under_test._Seer.inquiries  # noqa: SLF001  # what is asked of it

        def counted(self: Any, rows: Any, into: list[int] = seen) -> Any:
            into.append(len(rows))
            return inquiries(self, rows)  # noqa: B023  # called in this turn

        with monkeypatch.context() as patch:
            patch.setattr(under_test._Seer, "inquiries", counted)  # noqa: SLF001  # likewise
            every = subjects(book)
            population = gathered(every, book.vocabulary["enterprise"])
            batch = screened(population, "enterprise", book, DAY)
        agrees(batch, every, book, name)
        found[name] = (batch, sum(seen))
    return found


def agrees(
    batch: Batch,
    every: Sequence[Enterprise | County],
    book: incentives.RuleBook,
    rule: str,
) -> None:
    """Whether columns say of every firm and project what evaluating it does."""
    items: dict[int, list[tuple[Any, ...]]] = {}
    for *said, subject, _ in batch.items[rule].drop("day").iter_rows():
        items.setdefault(subject, []).append(plain(said))
    for number, subject in enumerate(every):
        d = incentives.evaluate(subject, as_of=DAY, rules=book)[rule]
        known = (d.payable.low, d.payable.high)
        assert plain(batch.said[rule].row(number)[:5]) == (
            d.outcome,
            d.reason_code,
            *known,
            d.missing,
        )
        assert items[number] == [
            (i.outcome, item_reason(i), i.known.low, i.known.high, i.missing)
            for i in d.items
        ]


def plain(said: Sequence[Any]) -> tuple[Any, ...]:
    outcome, reason, low, high, missing = said
    return (OUTCOMES[outcome], REASONS[reason], low, high, tuple(missing or ()))


def test_columns_tell(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns tell of several records, and look up what only their facts order."""
    found = told(make, monkeypatch, list(RULES))
    firms = {batch.totals.height for batch, _ in found.values()}
    assert firms == {240}
    seen = {name: seen for name, (_, seen) in found.items()}
    assert seen == {"once": 38, "every": 8, "each-once": 0, "support": 4}


@pytest.mark.parametrize(
    ("owner", "name", "wrong"),
    [
        (judged, "placed", lambda _, rows, __: rows),
        (judged, "ranked", lambda rows, whom: in_turn(ranked(rows, whom))),
    ],
    ids=["every record is paid", "the last comes first"],
)
def test_planted(
    make: Make, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, wrong: Any
) -> None:
    """A wrong line about several records is found."""
    monkeypatch.setattr(owner, name, wrong)
    with pytest.raises(AssertionError):
        told(make, monkeypatch, ["once"])


def in_turn(rows: pl.DataFrame) -> pl.DataFrame:
    """With the order turned round."""
    return rows.with_columns(rank=-pl.col("rank"))
