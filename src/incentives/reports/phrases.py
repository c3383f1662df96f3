"""The fixed phrases of reports in Chinese and English, and the words for reason codes."""

from collections.abc import Sequence

from ..phrasebook import language_index, phrase
from ..policy import ReasonCode

_SAID = {
    "outcome": ("结果", "outcome"),
    "clause": ("条款", "clause"),
    "rule": ("规则", "rule"),
    "amount": ("金额", "amount"),
    "why": ("理由", "why"),
    "eligible": ("应享", "eligible"),
    "ineligible": ("不符合", "not eligible"),
    "undetermined": ("待定", "undetermined"),
    "discretionary": ("由主管部门裁量", "discretionary"),
    "non-cash": ("非现金", "not money"),
    "not-set": ("未定额", "no amount set"),
    "as-of": ("基准日 {}", "as of {}"),
    "draft": (
        "本文件为送审稿，尚未生效；以下为试算，不产生权利。",
        "The document is a draft and not in force: these are projections, not rights.",
    ),
    "total": ("合计应付：{}", "Total due: {}"),
    "bounds": (
        "信息补齐后合计可能为：{} 至 {}",
        "Once everything is known, the total lies between {} and {}",
    ),
    "bounds-open": (
        "信息补齐后合计可能为：{}以上，无上限",
        "Once everything is known, the total is {} or more, without limit",
    ),
    "assumption": (
        "（未知的“{}”按至多{}项估算上限）",
        " (an unknown list of {} counts as at most {})",
    ),
    "missing": ("尚缺信息：{}", "Missing: {}"),
    "please-state": ("请提供：{}", "Please state: {}"),
    "yuan": ("元", "yuan"),
    "colon": ("{}：{}", "{}: {}"),
    "aside": ("{}（{}）", "{} ({})"),
    "head": ("{}（{}，{}）", "{} ({}, {})"),
    "enterprise": ("企业、高校院所、园区基地", "enterprises, institutes and parks"),
    "county": ("县域", "counties"),
    "for-subject": ("本条适用于{}", "this clause is for {}"),
    "quoted": ("原文：{}", "Clause: {}"),
    "note": ("说明：{}", "Note: {}"),
    "implied": ("推定条件：{}", "Implied, not quoted: {}"),
    "unknown-list": ("{}（清单未知）", "{} (the list is unknown)"),
    "working": ("算式：{}", "Working: {}"),
    "window": (
        "施行期：{} 至 {}（含首尾两日）",
        "In force: {} to {}, both days included",
    ),
    "window-open": (
        "施行期：自{}至{}之间未载明的施行日，至{}（含首尾两日）",
        "In force: from an unstated day ({} .. {}) until {}, both days included",
    ),
    "readings": ("采用的解读：", "Readings used:"),
    "reading": ("{} = {}：{}", "{} = {}: {}"),
    "alternatives": ("其他解读下：", "Under other readings:"),
    "open-otherwise": (
        "待定，但可能的金额与此不同",
        "undetermined, but the amount lies in another range",
    ),
    "changes": ("若要享受：", "To become due:"),
    "amount-needs": ("金额取决于：{}", "the amount depends on: {}"),
    "from": ("{}，据{}", "{}, from {}"),
    "valued": ("{}为{}", "{} {}"),
    "changes-none": ("已无从享受：{}", "Nothing can make it due: {}"),
    "record-none": (
        "凭这条记录已无从享受：{}",
        "Nothing can make this record due: {}",
    ),
    "out-of-time": ("{}（{}为{}，须{}）", "{} ({} is {}, must {})"),
    "used-up": (
        "此前所获奖补已用尽封顶额度",
        "earlier awards have used up the cap",
    ),
    "used-up-this-year": (
        "本年度所获奖补已用尽本年度封顶额度",
        "this year's awards have used up the cap of this year",
    ),
    "below-tiers": (
        "{} {}，未达最低一档（{}）",
        "{} {} is below the lowest tier ({})",
    ),
    "no-tier": ("{} {}，不在任何一档", "{} {} is in no tier"),
    "never-happened": ("{}：确知未发生", "{}: known not to have happened"),
    "change": ("{}：现为{}，须{}", "{}: now {}, must {}"),
    "be": ("为{}", "be {}"),
    "not-be": ("不为{}", "not be {}"),
    "be-among": ("为{}之一", "be one of {}"),
    "not-be-among": ("不为{}之一", "be none of {}"),
    "be-in": ("属于{}", "be in {}"),
    "not-be-in": ("不属于{}", "not be in {}"),
    "be-compared": (" {}", "be {}"),
    "later-day": (
        "（或以{}或其后的一日为基准日）",
        " (or ask about {} or a later day)",
    ),
    "to-be-met": ("须：{}", "must hold: {}"),
    "also-unknown": ("还须查明：{}", "also to be known: {}"),
    "need-record": (
        "{}：现无记录，须有符合条件的记录",
        "{}: now none, a fitting one is needed",
    ),
    "see": ("（见{}）", " (see {})"),
    "actual": ("（实为{}）", " (it is {})"),
    "unknown-value": ("（未知）", " (unknown)"),
    "payer": ("出资：{}", "Paid by: {}"),
    "departments": ("责任单位：{}", "Departments: {}"),
    "support": ("支持内容：{}", "Support: {}"),
    "discretion": ("裁量事项：{}", "Left to discretion: {}"),
    "cap": ("，封顶 {}", ", capped at {}"),
    "floor": ("，保底 {}", ", at least {}"),
    "cap-of-all": ("，各项合计封顶 {}", ", all together capped at {}"),
    "together": ("各项合计封顶 {}", "All together capped at {}"),
    "applicant": ("申请单位", "applicant"),
    "demanded": ("应享", "due"),
    "granted": ("核定", "granted"),
    "granted-total": ("核定合计：{}", "Granted in all: {}"),
    "budget-line": (
        "“{}”：可用 {}，申请 {}，核定 {}，余 {}",
        '"{}": {} available, {} asked for, {} granted, {} left',
    ),
    "quota-line": (
        "“{}”：名额 {}，申请 {}，核定 {}",
        '"{}": quota of {}, {} asked for, {} granted',
    ),
    "within-budget": ("预算内全额", "within the budget, in full"),
    "cut-pro-rata": ("预算不足，按比例核减至 {}", "the budget falls short: cut to {}"),
    "rest-of-budget": ("预算不足，仅余此数", "what was left of the budget"),
    "budget-exhausted": ("预算已用尽", "the budget is used up"),
    "exhausted-by": ("预算用尽于 {}（{}）", "the budget was used up at {} by {}"),
    "outside-quota": ("超出名额", "outside the quota"),
    "outside-quota-rank": ("第 {} 名，名额 {}", "rank {} of a quota of {}"),
    "tied": (
        "并列，由主管部门另定",
        "a tie: left to the authority",
    ),
    "cut-highest": (
        "“{}”就高不重复：由{}减为{}",
        'only the highest of "{}": from {} to {}',
    ),
    "cut-capped": (
        "“{}”合计封顶，余额{}：由{}减为{}",
        'the cap of "{}" has {} left: from {} to {}',
    ),
    "whole-award": ("奖补总额：{}", "The whole award: {}"),
    "schedule": ("分期：", "Schedule:"),
    "instalment": ("{}：{}，{}，{}", "{}: {}, {}, {}"),
    "nth-instalment": ("第{}期", "instalment {}"),
    "on-day": ("{}", "on {}"),
    "on-unknown-day": ("应付日未知", "on a day not known"),
    "never-day": ("应付事项未发生", "its day never came"),
    "payment-paid": ("已付", "paid"),
    "payment-due": ("应付", "due"),
    "payment-upcoming": ("未到期", "not due yet"),
    "payment-unmet": ("条件不符", "its condition is not met"),
    "payment-lapsed": ("逾期失效", "lapsed"),
    "payment-open": ("待定", "undetermined"),
    "paid-of-it": ("{}（其中已付{}）", "{} ({} of it paid)"),
    "latest-by": ("{}（最迟{}）", "{} (at the latest {})"),
    "next-payment": ("下一期：{}，{}", "Next payment: {}, {}"),
    "repayable": ("应追回：{}", "To be given back: {}"),
    "payers": ("出资：{}", "Paid by: {}"),
    "share": ("{}{}", "{} {}"),
    "below-zero": ("（小于零，按零计）", " (below zero, counts as zero)"),
    "base-below-zero": (
        "（基数小于零，按零计）",
        " (the base is below zero and counts as zero)",
    ),
    "whole": ("{}（只计整数：{}）", "{} (whole ones only: {})"),
    "paid": ("此前已拨付 {}", "paid before {}"),
    "range": ("{} 至 {}", "{} to {}"),
    "at-least": ("{}以上", "{} or more"),
}

_CODES = {
    ReasonCode.CONDITION_MET: ("符合条件", "conditions met"),
    ReasonCode.CONDITION_UNMET: ("条件不符", "a condition is not met"),
    ReasonCode.EXCLUDED: ("属于排除情形", "excluded"),
    ReasonCode.FACT_MISSING: ("信息不足", "a fact is missing"),
    ReasonCode.NOT_YET_EFFECTIVE: ("早于施行日", "before the effective date"),
    ReasonCode.EFFECTIVE_DATE_UNKNOWN: (
        "施行日未载明",
        "the effective date is not stated",
    ),
    ReasonCode.NOT_YET_HAPPENED: (
        "事项在基准日尚未发生",
        "it has not happened by the day asked about",
    ),
    ReasonCode.EXPIRED: ("晚于有效期", "after the sunset"),
    ReasonCode.ALREADY_AWARDED: ("此前已获奖补", "already awarded"),
    ReasonCode.ONCE_ONLY: (
        "一次性：由另一条记录享受",
        "once only: another record takes it",
    ),
    ReasonCode.LIMIT_REACHED: ("已达次数或年限上限", "as often as it is paid already"),
    ReasonCode.NOT_YET_DUE: (
        "分期奖补，下一期尚未到期",
        "paid in instalments, the next one is not due yet",
    ),
    ReasonCode.LAPSED: ("逾期失效", "lapsed: the deadline has passed"),
    ReasonCode.REPAYABLE: ("须追回已付奖补", "what was paid must be given back"),
    ReasonCode.SUPERSEDED: ("就高不重复：由 {} 享受", "superseded by {}"),
    ReasonCode.CAPPED: (
        "“{}”合计封顶，已无余额",
        'nothing is left of the cap of "{}"',
    ),
    ReasonCode.NOTHING_DUE: ("计算结果为零", "the amount comes to nothing"),
    ReasonCode.NO_RECORD: ("没有相关记录", "there is no such record"),
    ReasonCode.OTHER_SUBJECT: ("适用对象不同", "it is for another kind of subject"),
    ReasonCode.NO_AMOUNT_IN_TEXT: ("原文未定金额", "the text states no amount"),
}


def say(key: str, lang: str, *parts: object) -> str:
    """A fixed phrase of this module in a language."""
    return _SAID[key][language_index(lang)].format(*parts)


def listed(parts: Sequence[str], lang: str) -> str:
    """Several words as a list."""
    return phrase("list-separator", lang).join(parts)


def code_words(code: ReasonCode, lang: str, rival: str | None = None) -> str:
    """What a reason code means; ``rival`` is the rule that is paid instead."""
    return _CODES[code][language_index(lang)].format(rival or "")
