"""The charts of a report as a picture, with labels that a font on the machine has."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from attrs import evolve
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import StrMethodFormatter

from .report import Bars, Report
from .words import say

#: Fonts with Chinese, the first that is installed is taken.
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Songti SC",
    "SimSun",
    "Arial Unicode MS",
    "Droid Sans Fallback",
)
_WIDTH = 10.0
_BAR = "#31688e"
_LESS = "#b5443c"


def chinese_font() -> str | None:
    """A font on this machine that has Chinese, if there is one."""
    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)


def language(wanted: str) -> str:
    """The language of the labels: English where no font has Chinese."""
    return wanted if chinese_font() else "en"


def picture(report: Report) -> bytes:
    """The charts of a report, one under the other, as a PNG."""
    font = chinese_font()
    charts = [
        _legible(chart, report, has_chinese=bool(font)) for chart in report.charts
    ]
    heights = [
        max(2.0, 0.35 * len(c.amounts) + 1.2) if not c.in_time else 3.5 for c in charts
    ]
    families = [*([font] if font else []), "DejaVu Sans"]
    with rc_context({"font.family": families, "axes.unicode_minus": False}):
        figure = Figure(figsize=(_WIDTH, sum(heights) or 1.5), layout="constrained")
        if charts:
            places = figure.subplots(len(charts), squeeze=False, height_ratios=heights)
            for (axes,), chart in zip(places, charts, strict=True):
                _draw(axes, chart)
        else:
            figure.text(0.5, 0.5, say("nothing", report.lang), ha="center")
        stream = BytesIO()
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(stream, metadata={"Software": None})
    return stream.getvalue()


def _legible(chart: Bars, report: Report, *, has_chinese: bool) -> Bars:
    """The chart with the names that can be drawn; the others as one sum."""
    if has_chinese:
        return chart
    kept: list[tuple[str, Decimal]] = []
    others: list[Decimal] = []
    for name, amount in chart.amounts:
        plain = name if name.isascii() else report.plain_names.get(name)
        if plain:
            kept.append((plain, amount))
        else:
            others.append(amount)
    if others:
        kept.append((say("others", "en", len(others)), sum(others, Decimal(0))))
    return evolve(chart, amounts=tuple(kept))


def _draw(axes: Any, chart: Bars) -> None:
    names = [name for name, _ in chart.amounts]
    # Only drawn: tables have the exact amounts.
    sums = [float(amount) for _, amount in chart.amounts]
    colors = [_LESS if each < 0 else _BAR for each in sums]
    axes.set_title(chart.title)
    numbers = StrMethodFormatter("{x:,.0f}")
    places: Sequence[int] = range(len(names))
    if chart.in_time:
        axes.bar(places, sums, color=colors, width=min(0.8, 0.1 * len(names)))
        axes.set_xlim(-0.5, len(names) - 0.5)
        axes.set_xticks(places, names, rotation=45, ha="right")
        axes.set_ylabel(chart.axis)
        axes.yaxis.set_major_formatter(numbers)
        return
    axes.barh(places, sums, color=colors)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xlabel(chart.axis)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter(numbers)
