"""
时间旅行：同一家企业，跨过两个失效日。

Time travel: the same firm across both sunsets, 2025-12-31 and 2027-12-31.
The firm is invented.
"""

import json

from pathlib import Path

import incentives

record = json.loads(
    Path(__file__).with_name("enterprise.json").read_text(encoding="utf-8")
)
MONEY = (
    "private-top-500",
    "fujian-top-100",
    "manufacturing-champion",
    "pilot-platform",
)


def show(record: dict[str, object], day: str) -> None:
    """一日的合计，每条规则的金额，没有金额的首要理由。"""
    assessment = incentives.evaluate(record, as_of=day)
    print(f"{day}：合计 {assessment.total} 元")
    for rule in MONEY:
        determination = assessment[rule]
        against = [
            reason.code.value
            for reason in determination.reasons
            if reason.verdict is incentives.Verdict.UNMET
        ]
        print("  ", rule, determination.amount, *against[:1])


print("有效期内发生的事项，期满之后仍然应享，直到拨付：")
for day in ("2025-10-01", "2026-01-15", "2027-12-31", "2028-01-01"):
    show(record, day)

print()
print("拨付之后不再应享：")
paid = {"rule": "private-top-500", "amount": "500万元", "date": "2025-12-01"}
show(record | {"awards": [paid]}, "2026-01-15")

print()
print("事项晚于各自的失效日一天，就没有了：")
late = json.loads(json.dumps(record))
late["listings"][0]["published"] = "2026-01-01"
late["listings"][1]["published"] = "2025-12-31"
late["recognitions"][0]["date"] = "2027-12-31"
late["platforms"][0]["recognised"] = "2028-01-01"
show(late, "2028-01-01")
