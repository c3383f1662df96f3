"""
A registry: every enterprise at once, what it comes to, and one of them explained.

The enterprises are invented.
"""

import polars as pl

import incentives

enterprises = pl.DataFrame(
    {
        "统一社会信用代码": ["91350582MA31ABCD0M", "91350581MA32EFGH1K"],
        "名称": ["晋江示例鞋业有限公司（虚构）", "石狮示例纺织有限公司（虚构）"],
        "注册地（设区市）": ["泉州市", "泉州市"],
        "单位类型": ["县域企业", "县域企业"],
    }
)
listings = pl.DataFrame(
    {
        "统一社会信用代码": ["91350582MA31ABCD0M", "91350581MA32EFGH1K"],
        "榜单名称": ["中国民营企业500强", "福建省民营企业100强"],
        "发布单位": ["中华全国工商业联合会", "福建省工商业联合会"],
        "牵头发布单位": [None, "福建省工商业联合会"],
        "榜单年度": [2025, 2025],
        "发布日期": ["2025-08-28", "2025-09-10"],
    }
)
platforms = pl.DataFrame(
    {
        "统一社会信用代码": ["91350581MA32EFGH1K"],
        "平台编号": ["p1"],
        "中试阶段": ["中试熟化"],
        "所围绕的产业链": ["运动鞋"],
        "市场化运营": [True],
        "认定日期": ["2025-06-01"],
        "设备购置费": ["800万元"],
        "软件购置费": ["200万元"],
    }
)

screening = incentives.screen(
    {"企业": enterprises, "入选榜单": listings, "中试平台": platforms},
    as_of="2025-10-01",
)
for name, total, low, high in screening.totals().iter_rows():
    print(f"{name}: {total:,} 元，可能为 {low:,} 至 {high:,} 元")

print(f"合计 {screening.total:,} 元")
print()

for name, rule, missing in (
    screening.determinations()
    .filter(pl.col("outcome") == "undetermined", pl.col("high") > 0)
    .select("id", "rule", "missing")
    .iter_rows()
):
    print(f"{name} {rule}：尚缺 {'、'.join(missing)}")
print()

print(screening.explain("91350581MA32EFGH1K")["pilot-platform"].explain())
