"""Instalments in a group of which only the highest is paid."""

from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Outcome, ReasonCode, RuleBook
from tests.support.canglang import FACTS, HEAD, IN_THREE, POLICY, Make, firm, paid

HIGHEST = """\
stacking:
  - {group: 两项, rules: [parts, once], mode: highest-only}
"""


PARTS = """\
conditions: [none]
award: 100万元
pay:
  - {share: 50%, on: 2026-01-01}
  - {share: 50%, on: 2027-01-01}
"""


ONCE = "conditions: [staff ≥ 10人]\naward: 60万元\nonce: per enterprise\n"


@pytest.fixture(scope="module")
def highest(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    directory = tmp_path_factory.mktemp("highest")
    texts = {"policy": POLICY + HIGHEST, "facts": FACTS}
    texts |= {"1": HEAD.format("parts") + PARTS, "2": HEAD.format("once") + ONCE}
    for name, text in texts.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return incentives.load(directory)


@pytest.mark.parametrize(
    ("day", "awards", "parts", "total"),
    [
        ("2026-06-01", [], 500000, 500000),
        # Between two instalments the highest is still the highest.
        ("2026-06-01", [paid("parts", "50万元", "2026-02-01")], 0, 0),
        ("2027-01-01", [paid("parts", "50万元", "2026-02-01")], 500000, 500000),
        # What the other was paid counts against it.
        ("2027-01-01", [paid("once", "60万元", "2026-02-01")], 400000, 400000),
    ],
)
def test_the_highest_as_a_whole(
    highest: RuleBook, day: str, awards: list[dict[str, Any]], parts: int, total: int
) -> None:
    """Of awards over time the wholes are compared, and what is due now is paid."""
    record = firm(staff=10, awards=awards)
    found = incentives.evaluate(record, as_of=day, rules=highest)
    assert (found["parts"].amount, found.total) == (parts, total)
    assert found["once"].outcome is Outcome.INELIGIBLE
    assert found.bounds == (total, total)


def test_an_open_rival(highest: RuleBook) -> None:
    """A lower award that may be due does not leave a higher one open."""
    found = incentives.evaluate(firm(), as_of="2026-06-01", rules=highest)
    assert (found.total, found.bounds) == (500000, (500000, 500000))


def test_an_open_rival_of_what_is_paid_later(
    tmp_path: Path,
) -> None:
    """Where nothing is due now whichever rule is paid, that is known."""
    texts = {"policy": POLICY + HIGHEST, "facts": FACTS}
    texts["1"] = HEAD.format("parts") + PARTS
    texts["2"] = HEAD.format("once") + ONCE.replace("60万元", "120万元")
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    record = firm(awards=[paid("parts", "50万元", "2026-02-01")])
    book = incentives.load(tmp_path)
    found = incentives.evaluate(record, as_of="2026-06-01", rules=book)
    assert found["parts"].amount == 0
    assert found["once"].outcome is Outcome.UNDETERMINED
    assert found.bounds == (0, 700000)


def test_once_of_instalments(make: Make) -> None:
    """Of two records the one whose whole award is higher is paid, as it falls due."""
    body = IN_THREE + "once: per enterprise\n"
    book = make(x=body)
    projects = [
        {"id": "p1", "cost": "400万元", "accepted": "2027-01-01"},
        {"id": "p2", "cost": "300万元", "accepted": "2026-01-01"},
    ]
    found = incentives.evaluate(
        firm(staff=20, projects=projects), as_of="2027-06-01", rules=book
    )["x"]
    assert found.amount == 200000
    assert [p.record for p in found.schedule] == ["projects[0]"] * 3
    assert found.items[1].code is ReasonCode.ONCE_ONLY


RIVALS = """\
stacking:
  - {group: 两项, rules: [whole, parts], mode: highest-only}
"""


WHOLE = (
    "conditions: [none]\naward: {rate: 10%, of: 'rent[2026]'}\nonce: per enterprise\n"
)


TWO_PARTS = """\
conditions: [none]
award: {rate: 10%, of: 'rent[2027]'}
pay:
  - {share: 50%, on: left}
  - {share: 50%, on: left + 12个月, by: 2026-12-31, if: staff ≥ 10人}
"""


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    directory = tmp_path_factory.mktemp("rivals")
    texts = {"policy": POLICY.replace("2026-01-01", "2025-01-01") + RIVALS}
    texts |= {"facts": FACTS, "1": HEAD.format("whole") + WHOLE}
    texts["2"] = HEAD.format("parts") + TWO_PARTS
    for name, text in texts.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return incentives.load(directory)


@pytest.mark.parametrize(
    ("whole", "parts", "left", "staff", "paid_before", "day", "due"),
    [
        # What was paid in parts counts, and what is left of the higher one is due.
        (80, 60, "2025-06-01", 10, ["30000", "30000"], "2026-12-31", (20000, 0)),
        (80, 60, "2025-06-01", 10, ["30000"], "2026-01-31", (50000, 0)),
        # What can never be paid any more is not compared.
        (50, 60, False, 10, [], "2026-12-31", (50000, 0)),
        (50, 60, "2026-06-01", 10, [], "2027-02-01", (50000, 0)),
        (50, 60, "2025-06-01", 9, [], "2027-02-01", (50000, 0)),
        # The higher one is paid as it falls due.
        (50, 60, "2025-06-01", 10, [], "2026-01-31", (0, 30000)),
        (50, 60, "2025-06-01", 10, [], "2026-06-01", (0, 60000)),
    ],
)
def test_a_rival_in_parts(  # noqa: PLR0913, PLR0917  # a row of a table
    rivals: RuleBook,
    whole: int,
    parts: int,
    left: Any,
    staff: int,
    paid_before: list[str],
    day: str,
    due: tuple[int, int],
) -> None:
    """Of two awards the higher is paid, counted by what can still be paid of each."""
    awards = [
        paid("parts", amount, f"2025-0{month}-02")
        for month, amount in enumerate(paid_before, start=6)
    ]
    rent = {"2026": f"{whole}万元", "2027": f"{parts}万元"}
    record = firm(rent=rent, left=left, staff=staff, awards=awards)
    found = incentives.evaluate(record, as_of=day, rules=rivals)
    assert (found["whole"].amount, found["parts"].amount) == due


def test_a_zero_says_why(rivals: RuleBook) -> None:
    """Where what others were paid leaves nothing of what is due now, that is said."""
    rent = {"2026": "50万元", "2027": "60万元"}
    awards = [paid("whole", "50000", "2025-06-01")]
    record = firm(rent=rent, left="2025-06-02", staff=10, awards=awards)
    found = incentives.evaluate(record, as_of="2025-12-31", rules=rivals)["parts"]
    assert (found.amount, found.code) == (0, ReasonCode.ALREADY_AWARDED)
