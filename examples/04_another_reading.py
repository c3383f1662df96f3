"""
另一种解读：原文有歧义的词，换一种读法，金额如何变。

Another reading: what an ambiguous word is worth.
The firm is invented.
"""

import incentives

firm = incentives.Enterprise.from_dict(
    {
        "id": "91350582MA33HT7K5N",
        "name": "晋江示例服装有限公司（虚构）",
        "city": "泉州市",
        "listings": [
            {
                "list": "中国民营企业500强",
                "publisher": "中华全国工商业联合会",
                "year": 2025,
                "published": "2025-08-28",
            },
            {
                "list": "福建省民营企业100强",
                "publisher": "福建省工商业联合会",
                "year": 2025,
                "published": "2025-09-20",
            },
        ],
        "recognitions": [],
        "platforms": [],
        # 上一个榜单年度已经奖过一次。
        "awards": [
            {
                "rule": "private-top-500",
                "amount": "500万元",
                "date": "2024-12-20",
                "year": 2024,
            }
        ],
    }
)


def show(title: str, readings: dict[str, str]) -> None:
    """合计与两项榜单奖励，在给定的解读之下。"""
    assessment = incentives.evaluate(firm, as_of="2025-12-01", readings=readings)
    print(f"{title}：{assessment.total} 元")
    for rule in ("private-top-500", "fujian-top-100"):
        determination = assessment[rule]
        against = [
            reason.code.value
            for reason in determination.reasons
            if reason.verdict is incentives.Verdict.UNMET
        ]
        print("  ", rule, determination.amount, *against[:1])


show("默认解读", {})
show("每个榜单年度奖一次", {"one-time": "per-list-year"})
show("就高不重复，此前已得部分抵减", {"stacking": "highest-only"})
show("两者都换", {"one-time": "per-list-year", "stacking": "highest-only"})
print()

print("哪些词一换，结论就变：")
book = incentives.bundled()
for other in incentives.evaluate(firm, as_of="2025-12-01").alternatives:
    question = book.declared_readings[other.reading].question
    amount = "待定" if other.amount is None else f"{other.amount} 元"
    print(f"  {other.reading}={other.value}：{amount}（{question}）")
