"""The rules and the facts of a book as texts that a person can read, and as data."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from attrs import asdict

from .. import layout
from ..book import RuleBook
from ..ir import All, Choose, Constant, Exists, Greatest, Kind, Least, Round, Term
from ..ir_walk import walk
from ..phrasebook import language_index
from ..policy import ReasonCode, Rule
from ..standards import AwardStandard, Cash, Combination, Discretionary, NonCash
from ..value_words import plain_words, quoted
from ..vocabulary import PLAIN_VALUE, FactDeclaration, SubjectDeclaration, inner
from ..wording import Words
from .phrases import listed, say
from .report import window_words
from .revisions import amendment_lines, newest

_SAID = {
    "id": ("规则编号", "id"),
    "title": ("名称", "title"),
    "until": ("有效期至", "until"),
    "standard": ("标准", "standard"),
    "draft": ("送审稿，尚未生效", "a draft, not in force"),
    "issued": ("已印发", "issued"),
    "status": ("状态：{}", "Status: {}"),
    "subject": ("适用对象：{}", "For: {}"),
    "each": ("{}，逐项：{}", "{}, each of: {}"),
    "conditions": ("条件：", "Conditions:"),
    "award": ("标准：{}", "Award: {}"),
    "readings": ("解读（* 为所采用）：", "Readings (* is used):"),
    "any-date": ("YYYY-MM-DD：所写的那一日", "YYYY-MM-DD: that day"),
    "tiers": ("{}（按档次）", "{} (by tier)"),
    "rest": ("其余", "the rest"),
    "in-parts": ("{}，分{}期拨付", "{}, in {} instalments"),
    "once": ("{}（一次性）", "{} (once)"),
    "once-per": ("{}（每{}一次）", "{} (once for each {})"),
    "fact": ("事实", "fact"),
    "label": ("含义", "meaning"),
    "type": ("类型", "type"),
    "certified": ("核定单位", "certified by"),
    "of-enterprise": ("企业的事实", "Facts of an enterprise"),
    "of-county": ("县域的事实", "Facts of a county"),
    "list": ("列表", "list"),
    "default": ("{}，未填即{}", "{}, absent is {}"),
    "in-unit": ("数（{}）", "number ({})"),
    "price": ("金额（元/{}）", "money (yuan for one {})"),
    "yearly": ("{}，逐年填写", "{}, for each year"),
    "several": ("{}，可填多项", "{}, several"),
}

_KINDS = {
    Kind.TEXT: ("文本", "text"),
    Kind.BOOLEAN: ("true 或 false", "true or false"),
    Kind.MONEY: ("金额（元）", "money (yuan)"),
    Kind.NUMBER: ("数", "number"),
    Kind.RATE: ("比率", "rate"),
    Kind.DATE: ("日期", "date"),
    Kind.YEAR: ("年度", "year"),
}


def _say(key: str, lang: str, *parts: object) -> str:
    return _SAID[key][language_index(lang)].format(*parts)


# --- rules ---------------------------------------------------------------------


def rules_table(book: RuleBook, lang: str = "zh") -> str:
    """All rules of a book: clause, id, title, last day, and what is granted."""
    head = [say("clause", lang)]
    head += [_say(key, lang) for key in ("id", "title", "until", "standard")]
    rows = [
        [
            rule.clause.number,
            rule.id,
            rule.title_in(lang),
            rule.window.last.isoformat(),
            award_words(rule, book, lang),
        ]
        for rule in book
    ]
    policy = book.policy
    status = _say("status", lang, _say(policy.status.value, lang))
    table = layout.table(head, rows, right=frozenset())
    amended = [
        say("colon", lang, rule.id, line)
        for rule in book
        for line in amendment_lines(rule, lang)
    ]
    return "\n".join(
        [policy.title, status, "", *table, *([""] if amended else []), *amended]
    )


def rule_in_full(rule: Rule, book: RuleBook, lang: str = "zh") -> str:
    """One rule: its words, conditions, award, window, and the readings behind it."""
    head = say("head", lang, rule.title_in(lang), rule.clause.number, rule.id)
    return "\n".join([head, *(f"  {line}" for line in _rule_lines(rule, book, lang))])


def _rule_lines(rule: Rule, book: RuleBook, lang: str) -> Iterator[str]:
    said = Words(book.vocabulary, rule.subject, lang)
    subject = say(rule.subject, lang)
    if rule.each is not None:
        subject = _say("each", lang, subject, said.path(rule.each.records))
    yield _say("subject", lang, subject)
    yield say("quoted", lang, quoted(rule.clause.quote, lang))
    for implied in rule.clause.implied:
        yield say("implied", lang, implied)
    if rule.clause.note:
        yield say("note", lang, rule.clause.note)
    yield _say("conditions", lang)
    for requirement in rule.requirements:
        yield f"  • {said.condition(requirement.condition)}"
    yield _say("award", lang, award_words(rule, book, lang))
    for tier in _tier_lines(newest(rule), said):
        yield f"  • {tier}"
    yield from amendment_lines(rule, lang)
    yield window_words(rule, lang)
    if rule.payer:
        yield say("payer", lang, rule.payer)
    if rule.payers:
        yield say("payer", lang, listed(_payers(rule, book, lang), lang))
    if rule.departments:
        yield say("departments", lang, rule.departments)
    if rule.readings:
        yield _say("readings", lang)
        yield from (f"  {line}" for line in _reading_lines(rule, book, lang))


def _payers(rule: Rule, book: RuleBook, lang: str) -> list[str]:
    """Who pays which share."""
    said = Words(book.vocabulary, rule.subject, lang)
    rest = _say("rest", lang)
    return [
        say("share", lang, p.who, rest if p.share is None else said.term(p.share))
        for p in rule.payers
    ]


def _reading_lines(rule: Rule, book: RuleBook, lang: str) -> Iterator[str]:
    for name in rule.readings:
        reading, used = book.declared_readings[name], book.readings[name]
        asked = reading.question
        if reading.ambiguity:
            asked = say("aside", lang, asked, reading.ambiguity)
        yield name if lang == "en" else say("colon", lang, name, asked)
        for value in dict.fromkeys([*reading.values, used]):
            mark = "*" if value == used else " "
            meaning = reading.meaning(value, lang)
            yield f"  {mark} {say('colon', lang, value, meaning)}"
        if reading.any_date:
            yield f"    {_say('any-date', lang)}"


def award_words(rule: Rule, book: RuleBook, lang: str = "zh") -> str:
    """What a rule grants, in a few words."""
    said = Words(book.vocabulary, rule.subject, lang)
    match newest(rule):
        case NonCash(support=support):
            return say("colon", lang, say("non-cash", lang), support)
        case Discretionary(why=why):
            return say("colon", lang, say("discretionary", lang), why)
        case Cash() as cash:
            return _cash_words(rule, cash, said)
        case _:
            assert_never(rule.award)


def _cash_words(rule: Rule, cash: Cash, said: Words) -> str:
    over_time = cash.schedule
    words = amount_words(cash.amount if over_time is None else over_time.whole, said)
    if over_time is not None:
        words = _say("in-parts", said.lang, words, len(over_time.instalments))
    if cash.cap is not None:
        words += say("cap-of-all", said.lang, _limit_words(cash.cap, said))
    if cash.combination is Combination.EVERY or _is_once_in_a_while(rule, cash):
        return words
    if cash.per is None:
        return _say("once", said.lang, words)
    return _say("once-per", said.lang, words, said.term(cash.per))


def bare_amount(term: Term) -> Term:
    """An amount without its rounding, and without 'not less than nothing'."""
    match term:
        case Round(term=inner) | Greatest(terms=(Constant(value=0), inner)):
            return bare_amount(inner)
        case _:
            return term


def amount_words(amount: Term, said: Words) -> str:
    """An amount with its caps, in a few words."""
    match bare_amount(amount):
        case Least(terms=(body, *limits)):
            words = said.listed(tuple(_limit_words(limit, said) for limit in limits))
            return amount_words(body, said) + say("cap", said.lang, words)
        case Choose(branches=branches):
            tiers = tuple(amount_words(branch.term, said) for branch in branches)
            return _say("tiers", said.lang, said.listed(tiers))
        case bare:
            return said.term(bare)


def _is_once_in_a_while(rule: Rule, cash: Cash) -> bool:
    """Whether it is paid again in another year: its conditions say when."""
    barring = [
        node.where
        for requirement in rule.requirements
        if requirement.code is ReasonCode.ALREADY_AWARDED
        for node in walk(requirement.condition)
        if isinstance(node, Exists)
    ]
    some = [where for where in barring if isinstance(where, All)]
    return cash.per is None and any(len(where.parts) > 1 for where in some)


def _limit_words(limit: Term, said: Words) -> str:
    return said.bracketed(limit, amount_words(limit, said))


def _tier_lines(award: AwardStandard, said: Words) -> Iterator[str]:
    if isinstance(award, Cash) and isinstance(
        bare := bare_amount(award.amount), Choose
    ):
        for branch in bare.branches:
            condition = said.condition(branch.condition)
            amount = amount_words(branch.term, said)
            yield say("colon", said.lang, condition, amount)


def rule_data(rule: Rule, book: RuleBook) -> dict[str, Any]:
    """One rule, ready for JSON."""
    said = Words(book.vocabulary, rule.subject)
    window = rule.window
    return {
        "rule": rule.id,
        "clause": rule.clause.number,
        "title": rule.title,
        "english": rule.english,
        "subject": rule.subject,
        "each": None if rule.each is None else rule.each.records,
        "quote": rule.clause.quote,
        "implied": list(rule.clause.implied),
        "note": rule.clause.note,
        "conditions": [
            {"code": r.code.value, "condition": said.condition(r.condition)}
            for r in rule.requirements
        ],
        "award": {
            "kind": _AWARD_KINDS[type(rule.award)],
            "words": award_words(rule, book),
        },
        "window": [
            None if window.first is None else window.first.isoformat(),
            window.last.isoformat(),
        ],
        "amended": [
            {
                "amendment": version.amendment,
                "from": None if version.since is None else version.since.isoformat(),
                "changes": [asdict(change) for change in version.changes],
            }
            for version in rule.amended
        ],
        "payer": rule.payer,
        "departments": rule.departments,
        "readings": {name: book.readings[name] for name in rule.readings},
    }


_AWARD_KINDS: Mapping[type[AwardStandard], str] = {
    Cash: "cash",
    NonCash: "non-cash",
    Discretionary: "discretionary",
}


# --- facts ---------------------------------------------------------------------


def facts_tables(book: RuleBook, lang: str = "zh") -> str:
    """Every fact that a record may hold: name, meaning, type, who certifies it."""
    head = [_say(key, lang) for key in ("fact", "label", "certified", "type")]
    blocks = []
    for subject, declared in book.vocabulary.subjects.items():
        rows = list(_fact_rows(declared, lang))
        lines = layout.table(head, rows, right=frozenset())
        blocks.append("\n".join([_say(f"of-{subject}", lang), "", *lines]))
    return "\n\n".join(blocks)


def _fact_rows(declared: SubjectDeclaration, lang: str) -> Iterator[list[str]]:
    index = language_index(lang)
    for fact in declared.facts.values():
        yield _fact_row(fact, fact.name, lang)
    for records in declared.records.values():
        label = (records.label, records.english)[index]
        if records.plain:
            value = records.fields[PLAIN_VALUE]
            words = _say("several", lang, fact_type_words(value, lang))
            yield [records.records, label, value.certified_by, words]
            continue
        yield [records.records, label, "", _say("list", lang)]
        for fact in records.fields.values():
            yield _fact_row(fact, f"{records.records}[].{fact.name}", lang)


def _fact_row(fact: FactDeclaration, name: str, lang: str) -> list[str]:
    label = (fact.label, fact.english)[language_index(lang)]
    return [name, label, fact.certified_by, fact_type_words(fact, lang)]


def fact_type_words(fact: FactDeclaration, lang: str) -> str:
    """What a fact may be: its kind, or its values, and what absence means."""
    index = language_index(lang)
    words = _KINDS[fact.kind][index]
    if fact.unit:
        key = "price" if fact.kind is Kind.MONEY else "in-unit"
        words = _say(key, lang, fact.unit.removeprefix("元/"))
    if fact.values:
        pairs = [
            (entry.value, (entry.label, entry.english)[index]) for entry in fact.values
        ]
        shown = [
            value if value == label else say("aside", lang, value, label)
            for value, label in pairs
        ]
        words = listed(shown, lang)
    if fact.yearly:
        words = _say("yearly", lang, words)
    if fact.default is None:
        return words
    default = plain_words(inner(fact.default, fact.kind), fact.kind, lang)
    return _say("default", lang, words, default + fact.unit.removeprefix("元"))
