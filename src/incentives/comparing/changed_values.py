"""What a part of a rule book was, or is, in words: one side of a change."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..book import RuleBook
from ..dates import date_words
from ..grouping import Budget, Capped, Group
from ..ir import Branch, Condition, Kind, Round
from ..money import Rounding
from ..phrasebook import language_index
from ..policy import Rule, Window
from ..reports.catalogue import amount_words, award_words, fact_type_words
from ..reports.phrases import listed, say
from ..reports.revisions import version_words
from ..value_words import plain_words, quoted
from ..vocabulary import FactDeclaration, RecordDeclaration
from ..wording import Words
from .effects import Aspect

_SAID = {
    "list": ("列表", "list"),
    "rows-and-so-on": ("{}等{}项", "{} and so on, {} in all"),
    "window": ("{}至{}", "{} to {}"),
    "window-open": ("{}至{}之间的一日起，至{}", "a day of {} .. {}, to {}"),
    "highest": ("就高不重复：{}", "only the highest of {}"),
    "highest-per": ("同一{}就高不重复：{}", "only the highest for each of {}: {}"),
    "capped": ("合计封顶：{}", "capped together: {}"),
    "no-limit": ("不限额", "no limit"),
    "draft": ("送审稿", "a draft"),
    "issued": ("已印发", "issued"),
    "fen": ("精确到分", "to the fen"),
    "yuan": ("取到元", "to whole yuan"),
    "wan": ("取到万元", "to whole 万元"),
    "half-up": ("{}，四舍五入", "{}, half up"),
    "down": ("{}，舍去零头", "{}, down"),
}

#: More members of a list than this are not named one by one.
_MOST_ROWS = 8


def _say(key: str, lang: str, *parts: object) -> str:
    return _SAID[key][language_index(lang)].format(*parts)


def row_words(rows: Sequence[tuple[Any, ...]], lang: str) -> str:
    """The rows of a table, the first few by name."""
    shown = [quoted("、".join(map(str, row)), lang) for row in rows[:_MOST_ROWS]]
    said = listed(shown, lang)
    return (
        said
        if len(rows) <= _MOST_ROWS
        else _say("rows-and-so-on", lang, said, len(rows))
    )


def side_words(aspect: Aspect, value: Any, book: RuleBook, said: Words) -> str:
    """What a part was, or is, in words; of a rule that is new or gone, its award too."""
    words = _WORDS.get(aspect)
    if words is not None:
        return words(value, book, said)
    if isinstance(value, Branch):
        test = said.condition(value.condition)
        return say("colon", said.lang, test, amount_words(value.term, said))
    return value if isinstance(value, str) else amount_words(value, said)


def _rule_words(rule: Rule, book: RuleBook, said: Words) -> str:
    lang = said.lang
    head = say("head", lang, rule.title_in(lang), rule.clause.number, rule.id)
    return say("colon", lang, head, award_words(rule, book, lang))


def _policy_words(value: str, _: RuleBook, said: Words) -> str:
    return _say(value, said.lang) if value in ("draft", "issued") else value


def _subject_words(value: tuple[str, str | None], book: RuleBook, said: Words) -> str:
    subject, records = value
    whole = say(subject, said.lang)
    if records is None:
        return whole
    own = Words(book.vocabulary, subject, said.lang)
    return say("aside", said.lang, whole, own.path(records))


def _fact_words(
    value: FactDeclaration | RecordDeclaration, _: RuleBook, said: Words
) -> str:
    if isinstance(value, RecordDeclaration):
        return _say("list", said.lang)
    return fact_type_words(value, said.lang)


def _window_words(window: Window, _: RuleBook, said: Words) -> str:
    lang = said.lang
    last = date_words(window.last, lang)
    if window.first is not None:
        return _say("window", lang, date_words(window.first, lang), last)
    days = (date_words(day, lang) for day in (window.earliest, window.latest))
    return _say("window-open", lang, *days, last)


def _rounding_words(rounding: Round, _: RuleBook, said: Words) -> str:
    lang = said.lang
    unit = {1: "fen", 100: "yuan"}.get(int(rounding.unit), "wan")
    mode = "down" if rounding.mode is Rounding.DOWN else "half-up"
    return _say(mode, lang, _say(unit, lang))


def _group_words(group: Group | Budget, book: RuleBook, said: Words) -> str:
    lang = said.lang
    rules = group.members if isinstance(group, Group) else group.rules
    titles = listed([book[rule].title_in(lang) for rule in rules if rule in book], lang)
    if isinstance(group, Group):
        if isinstance(group.combine, Capped):
            return _say("capped", lang, titles)
        per = group.combine.per
        if per is None:
            return _say("highest", lang, titles)
        return _say("highest-per", lang, said.path(per.records), titles)
    amount = group.amount
    words = (
        _say("no-limit", lang)
        if amount is None
        else plain_words(amount, Kind.MONEY, lang)
    )
    return say("aside", lang, words, titles)


def _condition_words(value: Condition, _: RuleBook, said: Words) -> str:
    return said.condition(value)


#: The words for each aspect whose parts are neither texts nor amounts.
_WORDS: Mapping[Aspect, Callable[[Any, RuleBook, Words], str]] = {
    Aspect.POLICY: _policy_words,
    Aspect.TEXT: lambda value, _, said: quoted(value, said.lang),
    Aspect.RULE_ADDED: _rule_words,
    Aspect.RULE_REMOVED: _rule_words,
    Aspect.AWARD: lambda rule, book, said: award_words(rule, book, said.lang),
    Aspect.SUBJECT: _subject_words,
    Aspect.CONDITION: _condition_words,
    Aspect.ONCE: _condition_words,
    Aspect.ROUNDING: _rounding_words,
    Aspect.WINDOW: _window_words,
    Aspect.GROUP: _group_words,
    Aspect.BUDGET: _group_words,
    Aspect.READING_VALUES: lambda values, _, said: listed(values, said.lang),
    Aspect.FACT: _fact_words,
    Aspect.AMENDED: lambda version, _, said: version_words(version, said.lang),
}
