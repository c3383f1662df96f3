"""
县域：获评全省优秀奖的县域，由市财政按类别配套。

A county: the award that the city matches by the class of the county.
The honours are invented.
"""

import json

from pathlib import Path

import incentives

record = json.loads(Path(__file__).with_name("county.json").read_text(encoding="utf-8"))

# 石狮市在附件2中是二类县域，类别不必填。
assessment = incentives.evaluate(record, as_of="2025-12-01")
print(assessment["county-excellence"].explain())
print()

# 附件2没有的县域：有认定的类别依类别，没有的依营收。
new = record | {"id": "某新设县"}
print("营收未知：", incentives.evaluate(new, as_of="2025-12-01").bounds)
for revenue in ("149.99亿元", "150亿元", "900亿元", "2000亿元"):
    county = incentives.County.from_dict(new | {"industrial_revenue": revenue})
    determination = incentives.evaluate(county, as_of="2025-12-01")["county-excellence"]
    print(revenue, "->", determination.amount, "元")
