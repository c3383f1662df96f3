"""Bars as specifications of Vega-Lite, by Vega-Altair."""

import json

from typing import Any

import altair as alt
import vl_convert

from .report import Bars

_WIDTH = 640
_THICKEST = 40
#: What of the library the page calls.
_EXPOSED = "window.vegaEmbed=vegaEmbed;"
_FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif'
_BAR = "#31688e"
_LESS = "#b5443c"
#: Amounts as they are read: 1,234,567.
_FORMAT = ",.2~f"


def chart(bars: Bars) -> Any:
    """One chart: lying bars, the largest first, or standing ones in the order of time."""
    names = [name for name, _ in bars.amounts]
    values = [
        # Only drawn: tables have the exact amounts.
        {"name": name, "amount": float(amount)}
        for name, amount in bars.amounts
    ]
    axis = alt.Axis(labelLimit=260, labelAngle=-45 if bars.in_time else 0)
    named: dict[str, Any] = {"sort": names, "title": None, "axis": axis}
    amount: dict[str, Any] = {"title": bars.axis, "axis": alt.Axis(format=_FORMAT)}
    tips = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("amount:Q", title=bars.axis, format=_FORMAT),
    ]
    color = alt.condition("datum.amount < 0", alt.value(_LESS), alt.value(_BAR))
    base = alt.Chart({"values": values}, title=bars.title, width=_WIDTH)
    if bars.in_time:
        return base.mark_bar(size=min(_THICKEST, _WIDTH // (2 * len(names)))).encode(
            x=alt.X("name:O", **named),
            y=alt.Y("amount:Q", **amount),
            color=color,
            tooltip=tips,
        )
    return base.mark_bar().encode(
        x=alt.X("amount:Q", **amount),
        y=alt.Y("name:N", **named),
        color=color,
        tooltip=tips,
    )


def drawn(bars: tuple[Bars, ...]) -> str:
    """All charts as a part of a page, with everything that draws them in it."""
    together = alt.vconcat(*map(chart, bars)).resolve_scale(
        x="independent", y="independent"
    )
    # A name may be anything, even the end of a script.
    spec = json.dumps(together.configure(font=_FONT).to_dict()).replace("<", r"\u003c")
    version = "_".join(alt.SCHEMA_VERSION.split(".")[:2])
    library = vl_convert.javascript_bundle(_EXPOSED, vl_version=version)
    return f"""<div id="charts"></div>
<script>{library}</script>
<script>
vegaEmbed("#charts", {spec}, {{"renderer": "svg", "actions": false}}).catch(
  (error) => {{ document.getElementById("charts").textContent = String(error); }});
</script>"""
