"""
为什么没有、还缺什么、最多还能有多少。

Why not, what is missing, and what the total can still become.
The firm is invented.
"""

import json

from pathlib import Path

import incentives

record = json.loads(
    Path(__file__).with_name("enterprise.json").read_text(encoding="utf-8")
)

# 发布单位填错了；是否首次认定尚不知道；软件费尚不知道。
record["listings"][0]["publisher"] = "某研究院"
record["recognitions"][0]["first"] = None
record["platforms"][0]["software_cost"] = None

assessment = incentives.evaluate(record, as_of="2026-06-01")

print("一、为什么没有")
print(assessment["private-top-500"].explain())
print()

print("二、还缺什么：最值钱的在前")
for path in assessment.missing:
    print(" ", path)
low, high = assessment.bounds
print("已定", assessment.total, "元，补齐后在", low, "元与", high, "元之间")
print()

print("三、逐项补齐，已定的不会反悔")
record["recognitions"][0]["first"] = True
assessment = incentives.evaluate(record, as_of="2026-06-01")
print("是首次认定：", assessment.total, assessment.bounds, assessment.missing)
record["platforms"][0]["software_cost"] = "100万元"
assessment = incentives.evaluate(record, as_of="2026-06-01")
print("软件费100万元：", assessment.total, assessment.bounds, assessment.missing)
print()

print("四、没有这个字段，是未知；空列表，是没有")
for platforms in (None, []):
    unknown = record | {"platforms": platforms}
    assessment = incentives.evaluate(unknown, as_of="2026-06-01")
    outcome = assessment["pilot-platform"].outcome.value
    print("platforms =", platforms, "->", outcome, assessment.bounds)
