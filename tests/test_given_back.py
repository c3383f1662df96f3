"""`claw back` and `payers`: what is given back, and who pays."""

from decimal import Decimal
from typing import Any

import pytest

import incentives

from incentives import ReasonCode
from incentives.checks.case_checks import case_problems
from tests.support.canglang import Make, firm, paid, wrong

BACK = """\
conditions: [none]
award: 10万元
once: per enterprise
claw back:
  - {if: left < 2029-01-01, label: 三年内迁出}
  - {if: staff < 10人, share: 50%}
"""


@pytest.mark.parametrize(
    ("left", "staff", "back", "due"),
    [
        (False, 10, 0, 0),
        ("2028-12-31", 10, 100000, 0),
        ("2029-01-01", 10, 0, 0),
        (False, 9, 50000, 0),
        ("2028-12-31", 9, 100000, 0),
    ],
)
def test_claw_back(make: Make, left: Any, staff: int, back: int, due: int) -> None:
    """Where a condition is met its share of what was paid is given back, the highest."""
    record = firm(left=left, staff=staff, awards=[paid("x", "10万元", "2026-05-01")])
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    assert (assessment.repayable, assessment.total) == (back, due)
    assert assessment["x"].to_dict()["repayable"] == str(back)


def test_claw_back_in_words(make: Make) -> None:
    """What must be given back is told, and that nothing more is due."""
    record = firm(
        left="2027-05-01", staff=10, awards=[paid("x", "10万元", "2026-05-01")]
    )
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    text = assessment["x"].explain()
    assert "  应追回：10万元" in text.split("\n")
    assert "  已无从享受：须追回已付奖补" in text.split("\n")
    assert "应追回：10万元" in assessment.show().split("\n")
    assert assessment.to_dict()["repayable"] == "100000"


def test_claw_back_unknown(make: Make) -> None:
    """While it is not known whether something is given back, nobody says how much."""
    record = firm(staff=10, awards=[paid("x", "10万元", "2026-05-01")])
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    assert assessment.repayable is None
    assert assessment.to_dict()["repayable"] is None
    assert "应追回：待定" in assessment.show().split("\n")
    assert "  应追回：待定（金额取决于：迁出日期）" in (
        assessment["x"].explain().split("\n")
    )


def test_never_paid_never_given_back(make: Make) -> None:
    """Who was paid nothing gives nothing back, and is due nothing either."""
    record = firm(left="2027-05-01", staff=10)
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    assert (assessment.repayable, assessment.total) == (0, 0)
    found = assessment["x"]
    unmet = [r.code for r in found.reasons if r.verdict.value == "unmet"]
    assert unmet == [ReasonCode.REPAYABLE]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "award: 1万元\nclaw back: [{if: staff < 1人, share: 120%}]\n",
            "rate-out-of-range: a share to give back is above 0 and at most 100 %",
        ),
        (
            "award: {non-cash: 优先}\nclaw back: [{if: staff < 1人}]\n",
            "no-amount: 'claw back' needs an award of money",
        ),
        (
            "award: 1万元\nclaw back: [x]\n",
            "not-a-mapping: a claw-back needs named keys",
        ),
        (
            "award: 1万元\nclaw back: [{share: 50%}]\n",
            "missing-key: a claw-back needs the key 'if'",
        ),
    ],
)
def test_bad_claw_back(make: Make, body: str, said: str) -> None:
    """A share of more than all, or of no money, is refused."""
    assert wrong(make, bad=f"conditions: [none]\n{body}") == [said]


def test_payers(make: Make) -> None:
    """The shares of the payers come to the amount, to the fen."""
    body = (
        "conditions: [none]\naward: 100.01元\npayers:\n"
        "  - {who: 市财政, share: 1/3}\n  - {who: 区财政, share: 1/3}\n"
        "  - {who: 园区, share: rest}\n"
    ).replace("1/3", '"ratio(1, 3, 0%)"')
    book = make(x=body)
    found = incentives.evaluate(firm(), as_of="2027-01-01", rules=book)["x"]
    assert found.payers == (
        ("市财政", Decimal("33.34")),
        ("区财政", Decimal("33.33")),
        ("园区", Decimal("33.34")),
    )
    assert "  出资：市财政33.34元、区财政33.33元、园区33.34元" in found.explain().split(
        "\n"
    )
    assert found.to_dict()["payers"] == {
        "市财政": "33.34",
        "区财政": "33.33",
        "园区": "33.34",
    }


def test_payers_by_tier(make: Make) -> None:
    """A share may depend on facts; while these are not known, nobody tells the split."""
    body = (
        "conditions: [none]\naward: 10万元\npayers:\n"
        "  - who: 市财政\n    share:\n      of: staff\n      tiers:\n"
        '        - {in: "(-∞, 100人)", then: 60%}\n      otherwise: 40%\n'
        "  - {who: 区财政, share: rest}\n"
    )
    book = make(x=body)
    small = incentives.evaluate(firm(staff=99), as_of="2027-01-01", rules=book)["x"]
    assert small.payers == (("市财政", Decimal(60000)), ("区财政", Decimal(40000)))
    unknown = incentives.evaluate(firm(), as_of="2027-01-01", rules=book)["x"]
    assert unknown.payers == (("市财政", None), ("区财政", None))
    assert unknown.to_dict()["payers"] == {"市财政": None, "区财政": None}
    assert "出资" not in unknown.explain()


def test_payers_of_an_open_amount(make: Make) -> None:
    """While the amount is not known, neither are the parts."""
    body = (
        "conditions: [staff ≥ 10人]\naward: 10万元\n"
        "payers: [{who: 市财政, share: 100%}]\n"
    )
    found = incentives.evaluate(firm(), as_of="2027-01-01", rules=make(x=body))["x"]
    assert found.payers == (("市财政", None),)


@pytest.mark.parametrize(
    ("payers", "said"),
    [
        (
            "[{who: 甲, share: 60%}, {who: 乙, share: 60%}]",
            "shares-not-whole: the shares of the payers come to more than the whole",
        ),
        (
            "[{who: 甲, share: rest}, {who: 乙, share: rest}]",
            "shares-not-whole: the shares of the payers come to more than the whole",
        ),
        (
            "[{who: 甲, share: 60%}, {who: 乙, share: 30%}]",
            "shares-not-whole: the shares of the payers come to 90%, not to 100%",
        ),
        (
            '[{who: 甲, share: "ratio(staff, 100人, 0%)"}]',
            "shares-not-whole: the shares of the payers need not come to 100%",
        ),
        ("[{who: 甲}]", "missing-key: a payer needs the key 'share'"),
        ("[甲]", "not-a-mapping: a payer needs named keys"),
        ("[{who: 甲, share: 5}]", "kind-mismatch: expected a rate, got a number"),
    ],
)
def test_bad_payers(make: Make, payers: str, said: str) -> None:
    """Shares that are no split are refused."""
    body = f"conditions: [none]\naward: 1万元\npayers: {payers}\n"
    assert wrong(make, bad=body) == [said]


def test_amended_claw_back(make: Make) -> None:
    """What must be given back from a day on is asked of what is dated from then on."""
    book = make(x=f"event: left\n{BACK}")
    harder = [{"if": "staff < 100人"}]
    amended = book.amend("x", claw_back=harder, since="2028-01-01")
    awards = [paid("x", "10万元", "2026-05-01")]
    for left, back in [("2029-06-01", 100000), ("2027-12-31", 100000)]:
        record = firm(left=left, staff=50, awards=awards)
        found = incentives.evaluate(record, as_of="2030-01-01", rules=amended)
        assert found.repayable == back
    record = firm(left="2027-06-01", staff=9, awards=awards)
    mild = book.amend("x", claw_back=[{"if": "staff < 10人", "share": "20%"}])
    assert (
        incentives.evaluate(record, as_of="2030-01-01", rules=mild).repayable == 20000
    )


def test_a_case_that_expects_a_repayment(make: Make) -> None:
    """A case may expect what is given back; what is not known is told to be so."""
    case = (
        "cases:\n  - name: 不知是否迁出\n    as of: 2030-01-01\n"
        "    given: {staff: 10人, awards: [{rule: x, amount: 10万元}]}\n"
        "    expect: {repayable: 5万元}\n"
    )
    book = make(x=BACK + case)
    problems = case_problems(book.cases[0], book)
    assert problems == ["expected 5万元 to be given back, which is not known"]


def test_a_claw_back_on_an_unknown_fact(make: Make) -> None:
    """A condition that cannot be read is told once."""
    body = "conditions: [none]\naward: 1万元\nclaw back: [{if: staf < 1人}]\n"
    assert wrong(make, bad=body) == ["unknown-fact: unknown fact 'staf'"]
