"""The boundary cases of the catalogue, S01 to S27, as an integrator would send them."""

import json

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Alternative, Verdict

DATA = Path(__file__).resolve().parent / "data"
CASES: list[dict[str, Any]] = json.loads(
    (DATA / "catalogue_cases.json").read_text(encoding="utf-8")
)
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def found_for(case: dict[str, Any]) -> incentives.Assessment:
    return incentives.evaluate(
        case["given"], as_of=case["as_of"], readings=case["readings"]
    )


def said(alternative: Alternative) -> str:
    if alternative.amount is None:
        return alternative.outcome.value
    return f"{alternative.amount:f}"


def test_every_row_is_here() -> None:
    """No boundary case of the catalogue is left out."""
    rows = {case["id"].split()[0] for case in CASES}
    assert rows == {f"S{number:02}" for number in range(1, 28)}


@each_case
def test_outcome_and_amount(case: dict[str, Any]) -> None:
    """The rule comes to the outcome and to the very fen that the catalogue expects."""
    found = found_for(case)[case["rule"]]
    expected = None if case["amount"] is None else Decimal(case["amount"])
    assert (found.outcome.value, found.amount) == (case["outcome"], expected)


@each_case
def test_reason(case: dict[str, Any]) -> None:
    """The first reason that is not met says why nothing, or nothing yet, is due."""
    reasons = found_for(case)[case["rule"]].reasons
    codes = [r.code.value for r in reasons if r.verdict is not Verdict.MET]
    assert codes[:1] == ([] if case["code"] is None else [case["code"]])


@each_case
def test_alternatives(case: dict[str, Any]) -> None:
    """Exactly these readings of one other word would change the answer, to this."""
    others = found_for(case)[case["rule"]].alternatives
    found = {f"{other.reading}={other.value}": said(other) for other in others}
    assert found == case["alternatives"]


@pytest.mark.parametrize(
    "case", [c for c in CASES if "total" in c], ids=lambda c: c["id"]
)
def test_total(case: dict[str, Any]) -> None:
    """Several awards add up, or only the highest of them is paid."""
    assert found_for(case).total == Decimal(case["total"])


@pytest.mark.parametrize(
    ("row", "reading", "amount"),
    [
        ("S07", "one-time=per-list-year", "5000000"),
        ("S09 1-B", "stacking=highest-only", "0"),
        ("S10", "list-year=label", "2000000"),
        ("S13", "champion-level=national-or-provincial", "500000"),
        ("S19", "platform-cap=per-year", "3000000"),
        ("S22", "county-one-time=per-award-year", "2000000"),
    ],
)
def test_alternatives_of_the_catalogue(row: str, reading: str, amount: str) -> None:
    """Every alternative that the catalogue names is among the expected ones."""
    (case,) = [case for case in CASES if case["id"] == row]
    assert case["alternatives"][reading] == amount
