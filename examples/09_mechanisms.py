"""
一份虚构政策用尽全部奖补机制：一家企业的结果、分期，和八家企业分预算。

An invented policy that uses every mechanism: what one firm is due, what is paid when,
and how the budgets are shared among eight firms. All of them are invented.
"""

import json

from pathlib import Path

import incentives

HERE = Path(__file__).parent
DAY = "2027-09-01"

book = incentives.load(HERE / "packs" / "linjiang-2026")
lines = (HERE / "linjiang.jsonl").read_text(encoding="utf-8").splitlines()
firms = [json.loads(line) for line in lines]

assessment = incentives.evaluate(firms[-1], as_of=DAY, rules=book)
print(assessment)
print()
print(assessment["grant-matching"].explain())
print()
print(incentives.allocate(firms, as_of=DAY, rules=book))
