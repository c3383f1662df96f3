"""What users write, as a type checker sees it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import attrs

import incentives

firm = incentives.Enterprise(
    id="91350582MA31ABCD0M",  # invented
    kind="enterprise",
    city="泉州市",
    listings=[incentives.Listing(list="甲榜", year=2025, published="2025-08-28")],
    platforms=[incentives.Platform(id="p1", equipment_cost="800万元")],
    awards=[incentives.Award(rule="pilot-platform", amount=Decimal(1))],
    facts={"chain": "运动鞋"},
)
assert_type(firm.city, str | None)
assert_type(firm.listings, tuple[incentives.Listing, ...] | None)
assert_type(firm.awards, tuple[incentives.Award, ...])
assert_type(attrs.evolve(firm, city="厦门市"), incentives.Enterprise)

record: Mapping[str, Any] = {"id": "晋江市", "kind": "county"}
assert_type(incentives.Enterprise.from_dict(record), incentives.Enterprise)
assert_type(incentives.County.from_dict(record), incentives.County)
assert_type(firm.to_dict(), dict[str, Any])

incentives.evaluate(record)
incentives.evaluate(incentives.County(id="晋江市"), as_of=date(2025, 10, 1))
assessment = incentives.evaluate(
    firm,
    as_of="2025-10-01",
    rules=incentives.bundled(),
    readings={"one-time": "per-list-year"},
)
assert_type(assessment, incentives.Assessment)
assert_type(assessment.total, Decimal)
assert_type(assessment.bounds, tuple[Decimal, Decimal | None])
assert_type(assessment.missing, tuple[str, ...])
assert_type(assessment.to_dict(), dict[str, Any])

determination = assessment["pilot-platform"]
assert_type(determination, incentives.Determination)
assert_type(determination.outcome, incentives.Outcome)
assert_type(determination.amount, Decimal | None)
assert_type(determination.reasons, tuple[incentives.Reason, ...])
assert_type(determination.items, tuple[incentives.Item, ...])
assert_type(determination.alternatives, tuple[incentives.Alternative, ...])
assert_type(determination.explain("en"), str)
assert_type([d.rule.id for d in assessment], list[str])

assert_type(incentives.load("path/to/rules"), incentives.RuleBook)
assert_type(incentives.load(Path("path/to/rules")), incentives.RuleBook)
assert_type(
    incentives.load("path/to/rules", cache="path/to/cache"), incentives.RuleBook
)

try:
    incentives.evaluate({"id": 5})
except incentives.RecordError as error:
    assert_type(error.mistakes, tuple[incentives.Mistake, ...])
    assert_type(error.mistakes[0].suggestion, str | None)

incentives.evaluate(5)  # type: ignore[arg-type]  # no record at all
incentives.Enterprise()  # type: ignore[call-arg]  # without an id
