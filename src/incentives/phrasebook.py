"""Fixed phrases in Chinese and English, and which language is spoken."""

from .errors import UsageError, one_of

LANGUAGES = ("zh", "en")


#: Fixed phrases: Chinese, English.
PHRASES = {
    "as-of": ("基准日", "the day asked about"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "unknown": ("未知", "unknown"),
    "effective-date": (
        "施行日（{}至{}之间，未载明）",
        "the effective date (unstated, between {} and {})",
    ),
    "and": ("，且", " and "),
    "or": ("，或", " or "),
    "not": ("并非（{}）", "not ({})"),
    "holds": ("{}：是", "{}: yes"),
    "not-holds": ("{}：否", "{}: no"),
    "is": ("{}为{}", "{} is {}"),
    "not-is": ("{}不为{}", "{} is not {}"),
    "among": ("{}属于{}", "{} is one of {}"),
    "not-among": ("{}不属于{}", "{} is none of {}"),
    "brackets": ("（{}）", "({})"),
    "in-table": ("{}属于{}", "{} is in {}"),
    "not-in-table": ("{}不属于{}", "{} is not in {}"),
    "titled": ("《{}》", "{}"),
    "column": ("{}的“{}”一栏", "{} (column {!r})"),
    "table": ("“{}”表", "the table {!r}"),
    "exists": ("有{}：{}", "one of {}: {}"),
    "exists-not": ("没有{}：{}", "none of {}: {}"),
    "paid-before": ("此前已按本条获奖补", "paid before under this clause"),
    "not-paid-before": ("此前未按本条获奖补", "not yet paid under this clause"),
    "paid-before-for": (
        "此前已按本条获奖补（{}）",
        "paid before under this clause ({})",
    ),
    "not-paid-before-for": (
        "此前未按本条获奖补（{}）",
        "not yet paid under this clause ({})",
    ),
    "same-year": ("同一年度", "same year"),
    "same-record": ("同一记录", "same record"),
    "whole": ("{}（只计整数）", "{} (whole ones only)"),
    "if-else": ("{}（若{}），否则{}", "{} (if {}), else {}"),
    "paid-times": ("此前拨付次数", "times paid before"),
    "paid-sum": ("此前已拨付", "paid before"),
    "sum": ("{}之和", "the sum of {}"),
    "count": ("{}的个数", "the number of {}"),
    "largest": ("最大的{}", "the largest of {}"),
    "smallest": ("最小的{}", "the smallest of {}"),
    "such-that": ("{}（其中{}）", "{} (where {})"),
    "any-record": ("有{}", "there is one of {}"),
    "no-record": ("没有{}", "there is none of {}"),
    "includes": ("{}包括{}", "{} include {}"),
    "not-includes": ("{}不包括{}", "{} do not include {}"),
    "figure": ("{0}（{1}）", "{0} ({1})"),
    "in-year": ("{}年", "{}"),
    "entitlement": ("“{}”一条应得的金额", "what {!r} comes to"),
    "days": ("{}至{}的天数", "the days from {} to {}"),
    "months": ("{}至{}的整月数", "the whole months from {} to {}"),
    "years": ("{}至{}的整年数", "the whole years from {} to {}"),
    "grown": ("{1}到{0}的增长率", "the growth from {1} to {0}"),
    "least": ("{}中较低者", "the lower of {}"),
    "greatest": ("{}中较高者", "the higher of {}"),
    "tiers": ("按档次", "by tier"),
    "if": ("{}（若{}）", "{} (if {})"),
    "lookup": ("{0}中{2}对应的“{1}”", "{1!r} for {2} in {0}"),
    "year-of": ("{}所在年度", "the year of {}"),
    "at-least-of": ("下列至少{}项：{}", "at least {} of: {}"),
    "or-else": ("；", "; "),
    "this-year": ("本年度", "this year"),
    "last-year": ("上一年度", "last year"),
    "years-ago": ("{}年前的年度", "the year {} years ago"),
    "first-day": ("{}1月1日", "1 January of {}"),
    "last-day": ("{}12月31日", "31 December of {}"),
    "later": ("{}之后{}", "{1} after {0}"),
    "earlier": ("{}之前{}", "{1} before {0}"),
    "nth": ("{}{}", "{} #{}"),
    "part": ("{0}·{1}", "{1} ({0})"),
    "list-separator": ("、", ", "),
}


def phrase(key: str, lang: str) -> str:
    """A fixed phrase in a language; raises :class:`UsageError` for other languages."""
    return PHRASES[key][language_index(lang)]


def language_index(lang: str) -> int:
    """0 for Chinese, 1 for English."""
    if lang not in LANGUAGES:
        raise UsageError(f"no language {lang!r}, expected {one_of(LANGUAGES)}")
    return LANGUAGES.index(lang)
