"""
一家企业：在某一日应享什么、多少、为什么。

One enterprise: what it is entitled to on a day, how much, and why.
The firm is invented.
"""

import json

from pathlib import Path

import incentives

record = json.loads(
    Path(__file__).with_name("enterprise.json").read_text(encoding="utf-8")
)

# as_of 是基准日：法和事实都以这一日为准；不写即为上海时间的今天。
assessment = incentives.evaluate(record, as_of="2026-06-01")

print(assessment)
print()
print(assessment["pilot-platform"].explain())
print()

# 金额是 Decimal，单位为元。
print("合计（元）：", assessment.total)
for determination in assessment:
    if determination.outcome is incentives.Outcome.ELIGIBLE:
        print("应享：", determination.rule.id, determination.amount)
