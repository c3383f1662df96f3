"""
A reform: what a book costs, who gains and who loses by another one, and a page of charts.

The enterprises are invented. With a folder as its argument the page and the picture
are kept there.
"""

import sys

from pathlib import Path
from tempfile import TemporaryDirectory

import incentives

book = incentives.bundled()
registry = incentives.synthesize(book, rows=2_000, seed=11, as_of="2026-06-01")
cost = incentives.cost(registry, book, as_of="2026-06-01")
low, high = cost.bounds
print(f"现行规则：应付 {cost.total:,} 元，信息补齐后 {low:,} 至 {high:,} 元")

reform = book.amend("pilot-platform", rate="25%", cap="400万元").amend(
    "private-top-500", award="600万元"
)
comparison = incentives.compare(book, reform, registry, as_of="2026-06-01")
print(f"修订以后：增加 {comparison.gains:,} 元，减少 {-comparison.losses:,} 元")
counts = comparison.counts
print(f"受益 {counts['gaining']} 家，受损 {counts['losing']} 家，", end="")
least, most = comparison.bounds
print(f"待定 {counts['undetermined']} 家：{least:,} 至 {most:,} 元")
print()

for county, *_, change in comparison.counties().select("county", "change").iter_rows():
    if change:
        print(f"{county or '县域未知'}：{change:+,} 元")
print()

with TemporaryDirectory() as rubbish:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else rubbish)
    page = comparison.to_html(folder / "reform.html")
    picture = comparison.to_png(folder / "reform.png")
    titles = "、".join(chart.title for chart in comparison.report().charts)
    for path in (page, picture):
        print(f"{path.name}：{titles}")
