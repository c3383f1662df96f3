"""What amendments changed in a rule, and which version counts, in words."""

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from ..dates import date_words
from ..ir import AsOf, Branch, Choose, Compare, Constant, Term
from ..language.words import KEYS
from ..phrasebook import language_index
from ..policy import Rule
from ..standards import AwardStandard, Cash
from ..value_words import quoted
from ..versions import Change, Version
from .phrases import listed, say

_SAID = {
    "amended": ("修订：自{}起，{}（{}）", "Amended: from {} on, {} ({})"),
    "reform": ("修订（假设）：{}（{}）", "Amended (a what-if): {} ({})"),
    "changed": ("{}由{}改为{}", "{} {} becomes {}"),
    "added": ("新增{}：{}", "{} {} is added"),
    "removed": ("取消{}（原为{}）", "{} {} is dropped"),
    "reworded": ("条文改写", "the clause is reworded"),
    "words": ("修订文件原文：{}", "The notice: {}"),
    "old": (
        "适用：{}以前的条文（日期为{}）",
        "What counts: the words before {} (the date is {})",
    ),
    "new": (
        "适用：{}起的条文（日期为{}）",
        "What counts: the words from {} on (the date is {})",
    ),
    "open": (
        "适用：修订前还是修订后的条文，取决于尚不知的日期",
        "What counts: the old words or the new, depending on a date nobody knows",
    ),
}


def _say(key: str, lang: str, *parts: object) -> str:
    return _SAID[key][language_index(lang)].format(*parts)


def amendment_lines(rule: Rule, lang: str) -> Iterator[str]:
    """A line for every amendment of a rule, and one for the words of its notice."""
    for version in rule.amended:
        yield version_words(version, lang)
        if version.quote:
            yield _say("words", lang, quoted(version.quote, lang))
        if version.note:
            yield say("note", lang, version.note)


def version_words(version: Version, lang: str) -> str:
    """What an amendment changed in a rule, from when on, by which notice."""
    changes = [_change_words(change, lang) for change in version.changes]
    said = "；" if lang == "zh" else "; "
    what = said.join(changes) or _say("reworded", lang)
    notice = _notice(version, lang)
    if version.since is None:
        return _say("reform", lang, what, notice)
    return _say("amended", lang, date_words(version.since, lang), what, notice)


def _change_words(change: Change, lang: str) -> str:
    *within, key = change.key.split(".")
    label = KEYS.said(key, lang, within[-1] if within else "rule")
    if not change.old:
        return _say("added", lang, label, change.new)
    if not change.new:
        return _say("removed", lang, label, change.old)
    return _say("changed", lang, label, change.old, change.new)


def _notice(version: Version, lang: str) -> str:
    parts = (version.title_in(lang), version.number, version.issuer)
    return listed([part for part in parts if part], lang)


def version_line(rule: Rule, dated: date | None, lang: str) -> str:
    """Which version counts for what is dated by a day; empty where there is one only."""
    days = sorted({v.since for v in rule.amended if v.since is not None})
    if not days:
        return ""
    if dated is None:
        return _say("open", lang)
    day = date_words(dated, lang)
    begun = [since for since in days if since <= dated]
    if begun:
        return _say("new", lang, date_words(begun[-1], lang), day)
    return _say("old", lang, date_words(days[0], lang), day)


def newest(rule: Rule) -> AwardStandard:
    """What a rule grants by the words of its last version."""
    award = rule.award
    if not isinstance(award, Cash):
        return award
    per = award.per and _newest(award.per, rule)
    cap = award.cap and _newest(award.cap, rule)
    return evolve(award, amount=_newest(award.amount, rule), per=per, cap=cap)


def _newest(term: Term, rule: Rule) -> Term:
    days = {version.since for version in rule.amended}
    match term:
        case Choose(
            branches=(
                Branch(
                    condition=Compare(left=left, right=Constant(value=date() as day))
                ),
                *_,
            ),
            otherwise=last,
        ) if left in (rule.dated, AsOf()) and day in days:
            return last
        case _:
            return term
