"""A report as one page of HTML that fetches nothing."""

from collections.abc import Iterator, Sequence
from html import escape

from .charts import drawn
from .report import Report, Sheet
from .words import say

_STYLE = """
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
"Source Han Sans SC",sans-serif;color:#222;max-width:1100px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}
.remark{background:#fff3cd;padding:.5em 1em;border-left:4px solid #d9a400}
.wide{overflow-x:auto}table{border-collapse:collapse;min-width:50%}
th,td{padding:.3em .8em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
th{border-bottom:2px solid #888}.sum{text-align:right;font-variant-numeric:tabular-nums}
.facts th{border:0;font-weight:normal;color:#555}.facts td{border:0;font-weight:bold}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
"""
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


def page(report: Report) -> str:
    """The whole page: a summary, charts, tables."""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{_LANGUAGES[report.lang]}">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(report.title)}</title>",
            f"<style>{_STYLE}</style></head>",
            "<body>",
            *_body(report),
            "</body></html>\n",
        ]
    )


def _body(report: Report) -> Iterator[str]:
    yield f"<h1>{escape(report.title)}</h1>"
    for remark in report.remarks:
        yield f'<p class="remark">{escape(remark)}</p>'
    yield '<table class="facts">'
    for name, value in report.facts:
        yield f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>"
    yield "</table>"
    if report.charts:
        yield drawn(report.charts)
    sheets = [sheet for sheet in report.sheets if sheet.rows]
    for sheet in sheets:
        yield from _table(sheet)
    if not sheets:
        yield f"<p>{escape(say('nothing', report.lang))}</p>"


def _table(sheet: Sheet) -> Iterator[str]:
    yield f"<h2>{escape(sheet.title)}</h2>"
    yield f'<div class="wide"><table><thead>{_row(sheet.head, "th", sheet)}</thead><tbody>'
    for row in sheet.rows:
        yield _row(row, "td", sheet)
    yield "</tbody></table></div>"


def _row(cells: Sequence[str], tag: str, sheet: Sheet) -> str:
    said = []
    for column, cell in enumerate(cells):
        kind = ' class="sum"' if column in sheet.right else ""
        said.append(f"<{tag}{kind}>{escape(cell)}</{tag}>")
    return f"<tr>{''.join(said)}</tr>"
