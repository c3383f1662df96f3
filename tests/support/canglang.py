"""A small invented city with awards over time, for tests to add rules to."""

from collections.abc import Callable
from typing import Any

import pytest

from incentives import PackError, RuleBook

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"


POLICY = """\
policy: canglang
title: 沧浪区支持企业发展若干措施（虚构）
issuer: 沧浪区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2030-12-31
"""


FACTS = """\
enterprise:
  staff: {label: 职工人数, english: staff, type: number, unit: 人}
  left: {label: 迁出日期, english: day of leaving, type: date}
  rent: {label: 年租金, english: rent, type: money, series: true}
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 投资额, english: investment, type: money}
      accepted: {label: 验收日期, english: day of acceptance, type: date}
  lectures:
    label: 讲座
    english: lectures
    record: lecture
    fields:
      held: {label: 举办日期, english: day, type: date}
"""


HEAD = "rule: {0}\ntitle: 奖补\nclause: 第一条\nquote: （虚构）\n"


Make = Callable[..., RuleBook]


def firm(**facts: Any) -> dict[str, Any]:
    return {"id": FIRM, **facts}


def paid(rule: str, amount: str, day: str | None, **more: Any) -> dict[str, Any]:
    return {"rule": rule, "amount": amount, "date": day, **more}


def wrong(make: Make, **rules: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        make(**rules)
    return [f"{d.code}: {d.message}" for d in caught.value.diagnostics]


IN_THREE = """\
each: project
event: project.accepted
conditions: [project.cost ≥ 100万元]
award: {rate: 10%, of: project.cost, cap: 50万元}
pay:
  - {share: 50%, on: project.accepted}
  - {share: 30%, on: project.accepted + 12个月, if: staff ≥ 20人}
  - {share: 20%, on: project.accepted + 24个月, by: 2028-06-30, label: 尾款}
"""


PROJECT = {"id": "p1", "cost": "333.33万元", "accepted": "2026-03-01"}
