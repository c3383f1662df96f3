"""A small invented pack and three firms whose money can be worked out by hand."""

from pathlib import Path
from typing import Any

import incentives

DAY = "2026-06-30"
A, B, C = ("91350582MA31ABCD0M", "91350582MA32ABCE5Q", "91350582MA33ABCF10")

_POLICY = """\
policy: qinghe-2026
title: 清禾区若干措施（虚构）
issuer: 清禾区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2026-12-31
readings:
  who:
    question: 谁可享受？
    values:
      anybody: {label: 不限, english: anybody}
      shoes: {label: 限鞋服链, english: makers of shoes}
"""

FACTS = """\
enterprise:
  county: {label: 所在县域, english: county, type: text, aliases: {甲: 甲县}}
  chain: {label: 产业链, english: chain, type: text}
  green:
    {label: 绿色工厂, english: green factory, type: boolean, certified by: 生态环境部门}
  accepted: {label: 验收日, english: day of acceptance, type: date}
  machines:
    label: 设备
    english: machines
    record: machine
    key: id
    fields:
      id: {label: 编号, english: number, type: text, certified by: 工信部门}
      price: {label: 价格, english: price, type: money, certified by: 财政部门}
      bought: {label: 购置日, english: day of purchase, type: date}
"""

RULES = {
    "equipment": """\
title: 设备补助
english: equipment
each: machine
event: machine.bought
conditions:
  - {reading: who, anybody: none, shoes: chain = “鞋服”}
award: {rate: 10%, of: machine.price, cap: 10万元, cap per: "subject, lifetime"}
""",
    "plant": """\
title: 绿色工厂奖励
event: accepted
conditions: [green, accepted + 6个月 ≥ as_of]
award: 5万元
""",
    "land": """\
title: 供地支持
conditions: [green]
award: {non-cash: 优先供地}
""",
}

FIRMS: list[dict[str, Any]] = [
    {
        "id": A,
        "county": "甲县",
        "chain": "鞋服",
        "green": False,
        "machines": [
            {"id": "m2", "price": "80万元", "bought": "2026-03-05"},
            {"id": "m1", "price": "60万元", "bought": "2026-02-10"},
        ],
    },
    {
        "id": B,
        "county": "乙县",
        "chain": "机械",
        "green": True,
        "accepted": "2026-01-15",
        "machines": [{"id": "m1", "price": "50万元", "bought": "2026-03-20"}],
    },
    {"id": C, "county": "甲", "accepted": "2026-05-01"},
]


def pack(
    directory: Path, more: str = "", facts: str = FACTS, **changed: str | None
) -> Path:
    """The folder of the pack with more in its policy.yaml, and some other rules."""
    directory.mkdir(exist_ok=True)
    files = {"policy.yaml": _POLICY + more, "facts.yaml": facts}
    rules = {name: body for name, body in {**RULES, **changed}.items() if body}
    for at, (name, body) in enumerate(rules.items(), start=1):
        head = f"rule: {name}\nclause: 第{at}条\nquote: （虚构）\n"
        files[f"{name}.yaml"] = head + body
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def book(
    directory: Path, more: str = "", facts: str = FACTS, **changed: str | None
) -> incentives.RuleBook:
    """The rule book of the pack."""
    return incentives.load(pack(directory, more, facts, **changed))
