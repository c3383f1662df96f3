"""
捕获错误：记录错、规则包错、用法错，各由谁改。

Catching errors: whoever must act is told everything at once.
Everything here is invented.
"""

import tempfile

from pathlib import Path

import incentives

print("一、记录有错：提供事实的人来改，一次列出全部")
record = {
    "id": "91350582MA32XEG12H",
    "city": "泉州市",
    "county": "",
    "listings": [{"list": "中国民营企业500强", "pubished": "2025-08-28"}],
    "recognitions": [{"title": "制造业单项冠军企业", "first": "是"}],
    "platforms": [{"id": "p1", "equipment_cost": "约800万元", "fiscal_funding": -1}],
}
try:
    incentives.evaluate(record, as_of="2025-10-01")
except incentives.RecordError as error:
    for mistake in error.mistakes:
        print(f"  {mistake.path} | {mistake.message} | {mistake.suggestion}")

print()
print("二、规则包有错：写规则的人来改，每处有文件、行、列")
POLICY = """\
policy: demo
title: 示例政策（虚构）
issuer: 云桥区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2027-02-29
"""
RULE = """\
rule: bonus
title: 示例奖励
clause: 第一条
quote: 对企业给予奖励
conditions:
  - city == “泉州市”
award:
  rate: 30%
  off: 100万元
"""
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "policy.yaml").write_text(POLICY, encoding="utf-8")
    Path(folder, "bonus.yaml").write_text(RULE, encoding="utf-8")
    try:
        incentives.load(folder)
    except incentives.PackError as error:
        print(error)
        print()
        codes = [diagnostic.code for diagnostic in error.diagnostics]
        print("  代码：", codes)

print()
print("三、用法有错：调用的人来改")
for arguments in (
    {"as_of": "2025-02-30"},
    {"readings": {"stacking": "highest"}},
    {"readings": {"stackin": "cumulative"}},
):
    try:
        incentives.evaluate({"id": "91350582MA32XEG12H"}, **arguments)
    except incentives.UsageError as error:
        print(" ", error)
try:
    incentives.evaluate({"id": "91350582MA32XEG12H"})["pilot-platfrom"]
except incentives.UnknownRuleError as error:
    print(" ", error)

print()
# 全部错误同属一类，一处可以全部捕获。
print("四、", issubclass(incentives.RecordError, incentives.IncentivesError))
