"""
自己的规则包：从一个空文件夹到一个答案，不写一行 Python 规则。

A rule pack of one's own, from an empty folder to an answer.
The district, its policy and the firm are invented.
"""

import shutil
import tempfile

from pathlib import Path

import incentives

from incentives import checks

PACK = Path(__file__).with_name("06_own_rule_pack")
STEPS = (
    "policy.yaml",
    "01-renovation.yaml",
    "facts.yaml",
    "chains.csv",
    "02-growth.yaml",
)

with tempfile.TemporaryDirectory() as folder:
    # 每写一个文件，检查一次：还缺什么，它会说。
    for name in STEPS:
        shutil.copy(PACK / name, folder)
        report = checks.check(folder)
        print(f"写好 {name}，问题 {len(report.diagnostics)} 处")
        for found in report.diagnostics:
            print("  ", found.message)
    book = incentives.load(folder)

print("规则：", *(rule.id for rule in book))
print("用例全部成立：", not checks.check_book(book).diagnostics, len(book.cases))
print()

firm = {
    "id": "91350581MA34RN5T5P",
    "name": "云桥示例家居有限公司（虚构）",
    "chain": "智能家居",
    "equipment_investment": "640万元",
    "accepted": "2026-05-20",
}
assessment = incentives.evaluate(firm, as_of="2026-07-01", rules=book)
print(assessment)
print()
print(assessment["renovation"].explain())
