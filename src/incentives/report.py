"""Determinations and assessments as texts that a person can read, in two languages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .dates import date_words
from .explanation import Finding, Working
from .ir import (
    Add,
    All,
    Any,
    AsOf,
    Choose,
    Compare,
    Constant,
    Fact,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Round,
    Shift,
    Sum,
    Uncertain,
    kind_of,
)
from .known import Known
from .money import words as money_words
from .policy import Cash, Discretionary, NonCash, ReasonCode, Rule
from .verdict import Verdict
from .wording import Words, language_index

if TYPE_CHECKING:
    from .determination import Alternative, Determination, Item

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
    "unlimited": ("不封顶", "no limit"),
    "assumption": (
        "（未知的“{}”按至多{}项估算上限）",
        "(an unknown list of {} counts as at most {})",
    ),
    "missing": ("尚缺信息：{}", "Missing: {}"),
    "quote": ("原文：“{}”", "Clause: “{}”"),
    "implied": ("推定条件：{}", "Implied, not quoted: {}"),
    "record": ("{} {}", "{} {}"),
    "working": ("算式：{}", "Working: {}"),
    "window": (
        "施行期：{} 至 {}（含首尾两日）",
        "In force: {} to {}, both days included",
    ),
    "window-unknown": (
        "施行日未载明（{} 至 {} 之间）",
        "an unstated day between {} and {}",
    ),
    "readings": ("采用的解读：", "Readings used:"),
    "alternatives": ("其他解读下：", "Under other readings:"),
    "changes": ("若要享受，须：", "To become due:"),
    "changes-none": (
        "已无法通过补充事实享受：{}",
        "No further fact can make it due: {}",
    ),
    "now": ("（现为：{}）", " (now: {})"),
    "actual": ("（实为：{}）", " (it is: {})"),
    "unknown-value": ("（未知）", " (unknown)"),
    "payer": ("出资：{}", "Paid by: {}"),
    "support": ("支持内容：{}", "Support: {}"),
    "discretion": ("裁量事项：{}", "Left to discretion: {}"),
    "cap": ("，封顶 {}", ", capped at {}"),
    "floor": ("，保底 {}", ", at least {}"),
    "gives": (" → {}", " → {}"),
    "paid": ("此前已拨付 {}", "paid before {}"),
    "list-separator": ("、", ", "),
    "range": ("{} 至 {}", "{} to {}"),
    "at-least": ("{} 以上", "{} or more"),
    "need-fact": ("补充：{}", "supply: {}"),
}

_CODES = {
    ReasonCode.CONDITION_MET: ("符合条件", "conditions met"),
    ReasonCode.CONDITION_UNMET: ("条件不符", "a condition is not met"),
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
    ReasonCode.SUPERSEDED: ("就高不重复：由 {} 享受", "superseded by {}"),
    ReasonCode.NOTHING_DUE: ("计算结果为零", "the amount comes to nothing"),
    ReasonCode.NO_RECORD: ("没有相关记录", "there is no such record"),
    ReasonCode.OTHER_SUBJECT: ("适用对象不同", "it is for another kind of subject"),
    ReasonCode.NO_AMOUNT_IN_TEXT: ("原文未定金额", "the text states no amount"),
}


def say(key: str, lang: str, *parts: object) -> str:
    """A fixed phrase of this module in a language."""
    return _SAID[key][language_index(lang)].format(*parts)


def code_words(code: ReasonCode | None, lang: str, rival: str | None = None) -> str:
    """What a reason code means."""
    if code is None:
        return ""
    return _CODES[code][language_index(lang)].format(rival or "")


# --- one determination ---------------------------------------------------------


def explained(determination: "Determination", lang: str) -> str:
    """Everything about one determination, line by line."""
    rule = determination.rule
    head = f"{rule.title_in(lang)}（{rule.clause.number}，{rule.id}）"
    lines = [f"{head}：{outcome_words(determination, lang)}"]
    lines += [f"  {line}" for line in _clause_lines(rule, lang)]
    lines += [f"  {line}" for line in _finding_lines(determination, lang)]
    lines.append(f"  {_window_words(rule, lang)}")
    lines += _reading_lines(determination, lang)
    if determination.missing:
        said = determination.words(lang)
        missing = [said.path(path) for path in determination.missing]
        lines.append(f"  {say('missing', lang, listed(missing, lang))}")
    lines += _change_lines(determination, lang)
    return "\n".join(lines)


def outcome_words(determination: "Determination", lang: str) -> str:
    """The outcome with its amount: 应享 500万元."""
    word = say(determination.outcome.value, lang)
    amount = amount_words(determination, lang)
    return f"{word} {amount}" if amount else word


def amount_words(determination: "Determination", lang: str) -> str:
    """The amount, or what it can still be; empty where nothing is to be said."""
    value = determination.outcome.value
    if value == "discretionary":
        return say("not-set", lang)
    if not determination.is_cash:
        return say("non-cash", lang) if value == "eligible" else ""
    if value == "undetermined":
        return known_words(determination.payable, lang)
    return money_words(int(determination.payable.low or 0), lang)  # type: ignore[arg-type]  # fen


def known_words(known: Known, lang: str) -> str:
    """Fen that are known in part, as an amount or a range."""
    low = money_words(known.low if isinstance(known.low, int) else 0, lang)
    if known.is_known:
        return low
    if known.high is None:
        return say("at-least", lang, low)
    return say("range", lang, low, money_words(int(known.high), lang))  # type: ignore[arg-type]  # fen


def _clause_lines(rule: Rule, lang: str) -> Iterator[str]:
    yield say("quote", lang, rule.clause.quote)
    for implied in rule.clause.implied:
        yield say("implied", lang, implied)
    match rule.award:
        case NonCash(support=support):
            yield say("support", lang, support)
        case Discretionary(why=why):
            yield say("discretion", lang, why)
        case Cash():
            pass
    if rule.payer:
        yield say("payer", lang, rule.payer)


def _finding_lines(determination: "Determination", lang: str) -> Iterator[str]:
    if determination.code is not None:
        code = code_words(determination.code, lang, determination.rival)
        mark = "•" if determination.outcome.value == "discretionary" else "✗"
        yield f"{mark} {code}"
    items = determination.items or (determination.leading,)
    said = determination.words(lang)
    for item in items:
        lines = _item_lines(item, item is determination.leading, said)
        if not item.path:
            yield from lines
            continue
        name = say("record", lang, said.path(item.path), item.label).rstrip()
        word = say(item.outcome.value, lang)
        yield f"{name}：{word}"
        yield from (f"  {line}" for line in lines)


def _item_lines(
    item: "Item", leading: bool, said: Words
) -> Iterator[str]:  # whether it is told in full
    """What was found of a record; of one that is out of the question, only why."""
    if item.code is not None and not leading:
        yield f"✗ {code_words(item.code, said.lang)}"
    in_full = leading or item.outcome.value != "ineligible"
    for ground in item.grounds:
        if in_full or ground.found.verdict is not Verdict.MET:
            yield from finding_lines(ground.found, said)
    words = working_words(item.working, said)
    if words and item.outcome.value != "ineligible":
        yield say("working", said.lang, words)


def finding_lines(found: Finding, said: Words, depth: int = 0) -> Iterator[str]:
    """A condition with its mark and the fact's value; compound ones part by part."""
    parts = [part for part in found.because if isinstance(part, Finding)]
    compound = isinstance(found.node, All | Any) and len(parts) > 1
    blanks = "  " * depth
    mark = found.verdict.mark
    if isinstance(found.node, All) and compound and depth == 0:
        for part in parts:
            yield from finding_lines(part, said, depth)
        return
    yield f"{blanks}{mark} {said.condition(found.node)}{_actual(found, said)}"
    # Of alternatives, those that did not matter are left out.
    enough = isinstance(found.node, Any) and found.verdict is Verdict.MET
    for part in parts if compound else ():
        if not enough or part.verdict is Verdict.MET:
            yield from finding_lines(part, said, depth + 1)


def _actual(found: Finding, said: Words) -> str:
    """What the facts of a simple condition really are."""
    node = found.node.part if isinstance(found.node, Not) else found.node
    if not isinstance(node, Compare | Member):
        return _unknown(found, said)
    inner = found
    if isinstance(found.node, Not) and isinstance(found.because[0], Finding):
        inner = found.because[0]
    values = [
        _value_words(part, said)
        for part in inner.because
        if isinstance(part, Working) and not isinstance(part.node, _SAID_ALREADY)
    ]
    if not values:
        return _unknown(found, said)
    if found.verdict is Verdict.UNKNOWN and not any(values):
        return say("unknown-value", said.lang)
    return say("actual", said.lang, listed([v for v in values if v], said.lang))


_SAID_ALREADY = Constant | Uncertain


def _value_words(part: Working, said: Words) -> str:
    fact = part.node if isinstance(part.node, Fact) else None
    return said.value(part.known.value, kind_of(part.node), fact)


def _unknown(found: Finding, said: Words) -> str:
    unknown = found.verdict is Verdict.UNKNOWN
    return say("unknown-value", said.lang) if unknown else ""


# --- workings ------------------------------------------------------------------


def working_words(working: Working | None, said: Words) -> str:
    """The computation of an amount, with labels, figures and the result: 算式."""
    if working is None:
        return ""
    formula = _formula(working, said)
    if isinstance(working.node, Constant):
        return formula
    return f"{formula} = {_result(working, said)}"


def _result(working: Working, said: Words) -> str:
    if kind_of(working.node) is Kind.MONEY:
        return _money_range(working.known, said.lang)
    return said.value(working.known.value, kind_of(working.node))


def _money_range(known: Known, lang: str) -> str:
    ends = [
        None if end is None else int(end)  # type: ignore[arg-type]  # fen, or a fraction of them
        for end in (known.low, known.high)
    ]
    return known_words(Known(ends[0], ends[1]), lang)


def _formula(working: Working, said: Words) -> str:  # noqa: C901  # one line for every node
    parts = [part for part in working.because if isinstance(part, Working)]
    match working.node:
        case Constant(value=value, kind=kind):
            return said.value(value, kind)
        case Fact() as fact:
            value = said.value(working.known.value, fact.kind, fact)
            return f"{said.label(fact)} {value}"
        case Add():
            return " + ".join(_formula(p, said) for p in parts).replace(" + −", " − ")
        case Negate():
            return f"−{_in_brackets(parts[0], said)}"
        case Multiply():
            return " × ".join(_in_brackets(part, said) for part in parts)
        case Round() | Greatest(terms=(Constant(value=0), _)):
            return _formula(parts[-1], said)
        case Least() | Greatest():
            return _limited(working, parts, said)
        case Sum(records="awards"):
            return say("paid", said.lang, _result(working, said))
        case Choose():
            return " / ".join(_formula(part, said) for part in parts)
        case Lookup() | Sum() | Shift() | InCalendar() | AsOf() | Uncertain():
            return f"{said.term(working.node)} {_result(working, said)}"


def _in_brackets(part: Working, said: Words) -> str:
    inner = part
    while isinstance(inner.node, Greatest | Round):
        inner = [p for p in inner.because if isinstance(p, Working)][-1]
    text = _formula(part, said)
    return f"（{text}）" if isinstance(inner.node, Add) else text


def _limited(working: Working, parts: list[Working], said: Words) -> str:
    """`30% × … = 600万元，封顶 500万元`."""
    body, *limits = parts
    text = _formula(body, said)
    if not isinstance(body.node, Constant | Fact):
        text = f"{text} = {_result(body, said)}"
    key = "cap" if isinstance(working.node, Least) else "floor"
    return text + "".join(
        say(key, said.lang, _formula(limit, said)) for limit in limits
    )


# --- window, readings, what would change it ------------------------------------


def _window_words(rule: Rule, lang: str) -> str:
    window = rule.window
    if window.first is None:
        days = (date_words(window.earliest, lang), date_words(window.latest, lang))
        first = say("window-unknown", lang, *days)
    else:
        first = date_words(window.first, lang)
    return say("window", lang, first, date_words(window.last, lang))


def _reading_lines(determination: "Determination", lang: str) -> Iterator[str]:
    if determination.readings:
        yield f"  {say('readings', lang)}"
        for name, value in determination.readings.items():
            reading = determination.declared[name]
            meaning = reading.meaning(value, lang)
            yield f"    {name} = {value}：{meaning}"
    others = determination.alternatives
    if others:
        yield f"  {say('alternatives', lang)}"
        for other in others:
            yield f"    {other.reading} = {other.value}：{_other_words(other, lang)}"


def _other_words(other: "Alternative", lang: str) -> str:
    word = say(other.outcome.value, lang)
    if other.amount is None or other.outcome.value != "eligible":
        return word
    return f"{word} {money_words(int(other.amount * 100), lang)}"


def _change_lines(determination: "Determination", lang: str) -> Iterator[str]:
    """The nearest change that would make it due."""
    if determination.outcome.value != "ineligible":
        return
    final = (
        ReasonCode.SUPERSEDED,
        ReasonCode.OTHER_SUBJECT,
        ReasonCode.ALREADY_AWARDED,
        ReasonCode.ONCE_ONLY,
    )
    if determination.code in final:
        return
    changes = list(_needed(determination.leading, determination, lang))
    if changes:
        yield f"  {say('changes', lang)}"
        yield from (f"    {change}" for change in changes)


def _needed(item: "Item", determination: "Determination", lang: str) -> Iterator[str]:
    said = determination.words(lang)
    each = determination.rule.each
    if item.code is ReasonCode.NO_RECORD and each is not None:
        yield say("need-fact", lang, said.path(each.records))
    for ground in item.grounds:
        for found in unmet_parts(ground.found):
            now = _actual(found, said)
            yield f"{said.condition(found.node)}{now}"


def unmet_parts(found: Finding) -> list[Finding]:
    """The fewest parts that must change for an unmet condition to be met."""
    if found.verdict is not Verdict.UNMET:
        return []
    parts = [part for part in found.because if isinstance(part, Finding)]
    match found.node:
        case All():
            return [leaf for part in parts for leaf in unmet_parts(part)]
        case Any() if parts:
            return min((unmet_parts(part) for part in parts), key=len)
        case _:
            return [found]


# --- in a few words ------------------------------------------------------------


def summary(determination: "Determination", lang: str) -> str:
    """The main reason in a few words."""
    if determination.code is not None:
        return code_words(determination.code, lang, determination.rival)
    if determination.outcome.value == "undetermined":
        return _what_lacks(determination, lang)
    codes = [
        ground.code
        for ground in determination.leading.grounds
        if ground.found.verdict is Verdict.UNMET
    ]
    if not codes:
        return code_words(ReasonCode.CONDITION_MET, lang)
    unmet = next(
        leaf
        for ground in determination.leading.grounds
        for leaf in unmet_parts(ground.found)
    )
    if codes[0] is not ReasonCode.CONDITION_UNMET:
        return code_words(codes[0], lang)
    said = determination.words(lang)
    return f"{code_words(codes[0], lang)}：{said.condition(unmet.node)}"


def _what_lacks(determination: "Determination", lang: str) -> str:
    said = determination.words(lang)
    paths = [said.path(path) for path in determination.missing]
    if not paths:
        return code_words(ReasonCode.EFFECTIVE_DATE_UNKNOWN, lang)
    return say("missing", lang, listed(paths, lang))


def listed(parts: list[str], lang: str) -> str:
    """Several words as a list."""
    return say("list-separator", lang).join(parts)
