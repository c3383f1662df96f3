"""The fixed phrases of costs, comparisons and what is coming, in Chinese and English."""

from decimal import Decimal

from ..money import words as money_words
from ..phrasebook import language_index
from .tables import fen

#: Fixed phrases: Chinese, English.
PHRASES = {
    "cost": ("{}：费用测算", "What it costs: {}"),
    "compare": ("{}：修订影响", "What the reform changes: {}"),
    "upcoming": ("{}：近期到期与将到事项", "What is coming: {}"),
    "draft": (
        "本文件为送审稿，尚未生效；以下为试算，不产生权利。",
        "The document is a draft and not in force: these are projections, not rights.",
    ),
    "as-of": ("基准日", "as of"),
    "until": ("截至", "until"),
    "counted": ("主体数", "subjects"),
    "rejected": ("因记录有误未计入", "left out for mistakes"),
    "total": ("合计应付", "total due"),
    "bounds": ("信息补齐后合计", "once everything is known"),
    "between": ("{}至{}", "{} to {}"),
    "or-more": ("{}以上，无上限", "{} or more, without limit"),
    "no-limit": ("无上限", "no limit"),
    "unknown": ("未知", "unknown"),
    "never": ("未用尽或不确定", "never, or not known"),
    "by-rule": ("按条款", "By rule"),
    "by-county": ("按县域", "By county"),
    "by-chain": ("按产业链", "By chain"),
    "by-month": ("按事项发生月份", "By month of the event"),
    "by-year": ("按事项发生年度", "By year of the event"),
    "rule": ("条款", "rule"),
    "county": ("县域", "county"),
    "chain": ("产业链", "chain"),
    "month": ("月份", "month"),
    "year": ("年度", "year"),
    "subjects": ("享受主体", "eligible"),
    "amount": ("金额", "amount"),
    "low": ("下限", "at least"),
    "high": ("上限", "at most"),
    "yuan": ("金额（元）", "amount (yuan)"),
    "other-readings": ("其他解读下", "Under other readings"),
    "reading": ("解读", "reading"),
    "value": ("读作", "read as"),
    "difference": ("差额", "difference"),
    "budgets": ("资金规模", "Budgets"),
    "budget": ("预算", "budget"),
    "available": ("可用", "available"),
    "asked": ("申请", "asked for"),
    "exhausted": ("按先到先得用尽于", "used up, first come first served, on"),
    "before": ("原规则合计", "total before"),
    "after": ("新规则合计", "total after"),
    "change": ("差额", "change"),
    "gains": ("增加合计", "gains"),
    "losses": ("减少合计", "losses"),
    "gaining": ("受益主体", "who gain"),
    "losing": ("受损主体", "who lose"),
    "open": ("待定主体", "undetermined"),
    "open-bounds": ("待定差额", "undetermined change"),
    "changed-subjects": ("有变化的主体", "Who gains and who loses"),
    "subject": ("主体", "subject"),
    "lapsing": ("将失效", "What lapses"),
    "coming": ("将到期可得", "What becomes due"),
    "ending": ("将届满的施行期", "Windows that close"),
    "last": ("最后一日", "last day"),
    "from": ("自", "from"),
    "missing-facts": ("所缺信息", "Missing facts"),
    "fact": ("信息", "fact"),
    "lacking": ("缺失主体", "who lack it"),
    "alone": ("仅缺此项的金额", "where only it is missing"),
    "stake": ("所涉金额", "at stake"),
    "endless": ("无上限项", "without limit"),
    "certified": ("认定部门", "certified by"),
    "not-money": ("非定额", "no sum"),
    "up-to": ("待定，至多{}", "undetermined, at most {}"),
    "undetermined": ("待定", "undetermined"),
    "others": ("其余{}项", "others ({})"),
    "nothing": ("没有数据。", "There is nothing to show."),
}


def say(key: str, lang: str, *parts: object) -> str:
    """A phrase in a language; raises :class:`UsageError` for other languages."""
    return PHRASES[key][language_index(lang)].format(*parts)


def money(amount: Decimal, lang: str) -> str:
    """Yuan in words."""
    return money_words(fen(amount), lang)


def at_most(amount: Decimal | None, lang: str) -> str:
    """An end above, which may be without limit."""
    return say("no-limit", lang) if amount is None else money(amount, lang)


def bounds(low: Decimal, high: Decimal | None, lang: str) -> str:
    """Both ends of an amount; the amount itself where they meet."""
    if high is None:
        return say("or-more", lang, money(low, lang))
    if low == high:
        return money(low, lang)
    return say("between", lang, money(low, lang), money(high, lang))
