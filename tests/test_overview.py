"""The table of an assessment: aligned, safe, and with the total below it."""

import re

from html.parser import HTMLParser
from typing import Any

import pytest

import incentives

from incentives.layout import width
from incentives.reports.overview import assessed, assessed_html

# An invented firm; the code has a valid check digit (GB 32100-2015).
SHOES: dict[str, Any] = {
    "id": "91350582MA31ABCD0M",
    "name": "晋江示例鞋业有限公司（虚构）",
    "city": "泉州市",
}


def judged(**more: Any) -> incentives.Assessment:
    """The assessment of the shoe maker, with some facts changed."""
    return incentives.evaluate({**SHOES, **more}, as_of="2026-06-01")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_line_up(lang):
    """Every row begins its columns where the rules under the head begin."""
    lines = assessed(judged(), lang).splitlines()
    ruled = next(index for index, line in enumerate(lines) if line.startswith("─"))
    starts = [found.start() for found in re.finditer("─+", lines[ruled])]
    rows = [lines[ruled - 1], *lines[ruled + 1 : ruled + 1 + len(incentives.bundled())]]

    assert len(starts) == 5
    for row in rows:
        for start in starts:
            before = next(i for i in range(len(row) + 1) if width(row[:i]) >= start)
            assert width(row[:before]) == start
            assert row[before - 1 : before] in ("", " ")


def test_total_bounds_and_missing_below():
    """Below the table stand the total, what it can become, and what is missing."""
    zh = assessed(judged(), "zh").split("\n\n")[-1].splitlines()
    en = assessed(judged(), "en").split("\n\n")[-1].splitlines()

    assert zh == [
        "合计应付：0元",
        "信息补齐后合计可能为：0元 至 1250万元（未知的“中试平台”按至多1项估算上限）",
        "尚缺信息：入选榜单、单位类型、中试平台、称号认定",
    ]
    assert en == [
        "Total due: ¥0",
        (
            "Once everything is known, the total lies between ¥0 and ¥12,500,000 "
            "(an unknown list of pilot platforms counts as at most 1)"
        ),
        "Missing: listings, kind of applicant, pilot platforms, recognitions",
    ]


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_hostile_name_is_text(lang):
    """Whatever a firm calls itself, the table has no tags but its own."""
    name = "</caption><script>alert('x')</script>\"&amp;<b onclick=x>"
    page = Tags()

    page.feed(assessed_html(judged(name=name), lang))

    own = {"table", "caption", "thead", "tbody", "tr", "th", "td", "div"}
    assert page.tags == own
    assert name in page.text
