"""A small invented pack to which a test adds groups and budgets."""

from pathlib import Path

import incentives

from incentives import RuleBook

_POLICY = """\
policy: xinhe-2026
title: 新禾区若干措施（虚构）
issuer: 新禾区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2028-12-31
"""

_FACTS = """\
enterprise:
  tax: {label: 纳税额, english: tax paid, type: money}
  invested: {label: 投资额, english: investment, type: money}
  staff: {label: 职工人数, english: staff, type: number}
  applied: {label: 申报日, english: day of application, type: date}
  green: {label: 绿色工厂, english: green factory, type: boolean}
  machines:
    label: 设备
    english: machines
    record: machine
    key: id
    fields:
      id: {label: 编号, english: number, type: text}
      price: {label: 价格, english: price, type: money}
      bought: {label: 购置日, english: day of purchase, type: date}
"""

_RULE = """\
rule: {rule}
title: {title}
clause: {clause}
quote: （虚构）
"""

_RULES = {
    "equipment": "each: machine\nconditions: [none]\naward: machine.price\n",
    "investment": "conditions: [none]\naward: {rate: 10%, of: invested}\n",
    "plant": "conditions: [green]\naward: 5万元\n",
    "support": "conditions: [green]\naward: {non-cash: 优先供地}\n",
    "talent": "conditions: [staff ≥ 10]\naward: {discretionary: 另定}\n",
}
_TITLES = {
    "equipment": "设备补助",
    "investment": "投资奖励",
    "plant": "绿色工厂奖励",
    "support": "供地支持",
    "talent": "人才补助",
}

FIRMS = [
    # Invented firms; the codes are valid under GB 32100-2015.
    "91350582MA31ABCD0M",
    "91350582MA32ABCE5Q",
    "91350582MA33ABCF10",
]


def pack(directory: Path, policy: str) -> RuleBook:
    """The pack with more in its policy.yaml."""
    files = {"policy.yaml": _POLICY + policy, "facts.yaml": _FACTS}
    for at, (rule, body) in enumerate(_RULES.items(), start=1):
        head = _RULE.format(rule=rule, title=_TITLES[rule], clause=f"第{at}条")
        files[f"{at:02}-{rule}.yaml"] = head + body
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return incentives.load(directory)
