"""The differences between two versions of a rule book in words, and as data."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from ..book import RuleBook
from ..ir import Branch, Member
from ..ir_walk import walk
from ..phrasebook import language_index
from ..reports.phrases import say
from ..value_words import quoted
from ..wording import Words
from .book_changes import changes_between
from .changed_values import row_words, side_words
from .effects import Aspect, Change, Effect

_SAID = {
    "none": ("没有变化。", "Nothing has changed."),
    "same-policy": ("{}：", "{}: "),
    "counts": (
        "新增 {} 条规则，取消 {} 条，变更 {} 条。",
        "{} rules are new, {} are gone, {} differ.",
    ),
    "added": ("新增：{}", "New: {}"),
    "removed": ("取消：{}", "Gone: {}"),
    "for": ("适用于{}", "for {}"),
    "whole": ("整份文件", "The policy as a whole"),
    "every": ("各条规则", "every rule"),
    "facts": ("事实", "Facts"),
    "readings": ("解读", "Readings"),
    "under": ("在解读 {} 之下：{}", "under {}: {}"),
    "from-to": ("{}：{} → {}", "{}: {} → {}"),
    "now": ("新增{}：{}", "new {}: {}"),
    "gone": ("取消{}：{}", "gone: {}: {}"),
    "rows-more": ("增加{}", "with {}"),
    "rows-less": ("去掉{}", "without {}"),
    "none-such": ("无", "none"),
    "other": ("其他内容有变", "something else differs"),
    "comma": ("，", ", "),
    "meaning": ("{}（其余声明有变）", "{} (declared otherwise)"),
}

#: What has changed, as the beginning of a line.
_ASPECTS = {
    Aspect.SUBJECT: ("适用对象", "for whom"),
    Aspect.CONDITION: ("条件", "condition"),
    Aspect.AWARD: ("标准", "award"),
    Aspect.AMOUNT: ("金额", "amount"),
    Aspect.RATE: ("比例", "rate"),
    Aspect.BASE: ("基数", "base"),
    Aspect.TIER: ("分档", "tier"),
    Aspect.CAP: ("封顶", "cap"),
    Aspect.CAP_OF_ALL: ("各项合计封顶", "cap of all items together"),
    Aspect.FLOOR: ("保底", "floor"),
    Aspect.ROUNDING: ("取整", "rounding"),
    Aspect.ONCE: ("限次", "how often"),
    Aspect.WINDOW: ("施行期", "in force"),
    Aspect.OTHER: ("其他", "other"),
}
_NAMES = {
    (Aspect.TEXT, "title"): ("名称", "title"),
    (Aspect.TEXT, "english"): ("英文名称", "English title"),
    (Aspect.TEXT, "clause"): ("条款号", "clause"),
    (Aspect.TEXT, "quote"): ("原文", "quote"),
    (Aspect.TEXT, "implied"): ("推定条件", "implied"),
    (Aspect.TEXT, "note"): ("说明", "note"),
    (Aspect.TEXT, "payer"): ("出资", "payer"),
    (Aspect.TEXT, "departments"): ("责任单位", "departments"),
    (Aspect.DAY, "event"): ("事项之日", "day of the event"),
    (Aspect.DAY, "dated"): ("计期之日", "day that must lie in the period"),
    (Aspect.TIER, "otherwise"): ("各档之外", "in no tier"),
    (Aspect.POLICY, "id"): ("代号", "id"),
    (Aspect.POLICY, "title"): ("文件名称", "title"),
    (Aspect.POLICY, "issuer"): ("制定机关", "issuer"),
    (Aspect.POLICY, "status"): ("状态", "status"),
    (Aspect.POLICY, "number"): ("文号", "number"),
    (Aspect.POLICY, "interpreter"): ("解释机关", "interpreter"),
    (Aspect.POLICY, "source"): ("来源文件", "source"),
    (Aspect.POLICY, "source_sha256"): ("来源文件的 SHA-256", "SHA-256 of the source"),
    (Aspect.POLICY, "note"): ("说明", "note"),
}

#: What changes for people: where others can ask, and where they get another amount.
_EFFECTS = {
    (Effect.GAINS, True): ("范围放宽", "more can have it"),
    (Effect.LOSES, True): ("范围收窄", "fewer can have it"),
    (Effect.GAINS, False): ("可多得", "it gives more"),
    (Effect.LOSES, False): ("会少得", "it gives less"),
    (Effect.DEPENDS, True): ("视情形有增有减", "for some more, for some less"),
    (Effect.DEPENDS, False): ("视情形有增有减", "for some more, for some less"),
}
_RANGE = frozenset({Aspect.CONDITION, Aspect.ONCE, Aspect.WINDOW, Aspect.SUBJECT})


@frozen
class Differences:
    """What differs between two versions of a book; printing it says so in Chinese."""

    old: RuleBook
    new: RuleBook
    changes: tuple[Change, ...]

    @classmethod
    def between(cls, old: RuleBook, new: RuleBook) -> "Differences":
        """The differences from an old version to a new one."""
        return cls(old, new, changes_between(old, new))

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __str__(self) -> str:
        return self.show()

    def show(self, lang: str = "zh") -> str:
        """What changed for whom, rule by rule."""
        if not self.changes:
            return _say("none", lang)
        return "\n".join(self._lines(lang))

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The differences, ready for JSON; values in words."""
        return {
            "old": self.old.digest,
            "new": self.new.digest,
            "changes": [self._data(change, lang) for change in self.changes],
        }

    def _data(self, change: Change, lang: str) -> dict[str, Any]:
        old, new = self._sides(change, lang)
        return {
            "aspect": change.aspect.value,
            "rule": change.rule or None,
            "name": change.name or None,
            "under": change.under or None,
            "old": old,
            "new": new,
            "effect": change.effect.value,
            "words": self.words(change, lang),
        }

    # lines

    def _lines(self, lang: str) -> Iterator[str]:
        title = _say("same-policy", lang, self.new.policy.title)
        yield title + _say("counts", lang, *self._counts())
        for change in self.changes:
            if change.aspect in (Aspect.RULE_ADDED, Aspect.RULE_REMOVED):
                yield self.words(change, lang)
        for rule in self.new:
            found = [c for c in self.changes if c.rule == rule.id and _within(c)]
            if found:
                head = say(
                    "head", lang, rule.title_in(lang), rule.clause.number, rule.id
                )
                subject = _say("for", lang, say(rule.subject, lang))
                yield head + _say("comma", lang) + subject
                yield from self._points(found, lang)
        of_none = [c for c in self.changes if not c.rule]
        for heading, aspects in _SECTIONS:
            found = [c for c in of_none if c.aspect in aspects]
            if found:
                yield _say(heading, lang)
                yield from self._points(found, lang)

    def _points(self, found: Sequence[Change], lang: str) -> Iterator[str]:
        for change in found:
            yield f"  • {self.words(change, lang)}"

    def _counts(self) -> tuple[int, int, int]:
        added, removed = (
            sum(change.aspect is aspect for change in self.changes)
            for aspect in (Aspect.RULE_ADDED, Aspect.RULE_REMOVED)
        )
        differ = {change.rule for change in self.changes if _within(change)} - {""}
        whole = any(c.aspect is Aspect.WINDOW and not c.rule for c in self.changes)
        if whole:
            differ |= {rule.id for rule in self.new if rule.id in self.old}
        return added, removed, len(differ)

    def words(self, change: Change, lang: str = "zh") -> str:
        """One change in words, with what it does to those who ask."""
        old, new = self._sides(change, lang)
        if change.aspect is Aspect.RULE_ADDED:
            return _say("added", lang, new)
        if change.aspect is Aspect.RULE_REMOVED:
            return _say("removed", lang, old)
        label = self._label(change, lang)
        if change.aspect is Aspect.OTHER:
            said = _say("other", lang)
        elif change.aspect is Aspect.AMENDED:
            said = new or _say("removed", lang, old)
        elif old is None:
            said = _say("now", lang, label, new)
        elif new is None:
            said = _say("gone", lang, label, old)
        elif old == new:
            said = say("colon", lang, label, self._same_words(change, old, lang))
        else:
            said = _say("from-to", lang, label, old, new)
        if change.effect is not Effect.NONE:
            effect = _EFFECTS[change.effect, change.aspect in _RANGE]
            said = say("aside", lang, said, effect[language_index(lang)])
        return _say("under", lang, change.under, said) if change.under else said

    def _label(self, change: Change, lang: str) -> str:
        words = _NAMES.get((change.aspect, change.name)) or _ASPECTS.get(change.aspect)
        label = change.name if words is None else words[language_index(lang)]
        if _same_tier(change):
            said = self._words_of(change, self.new, lang)
            return say("aside", lang, label, said.condition(change.new.condition))
        if change.aspect is Aspect.ROW:
            return quoted(change.name, lang)
        if change.aspect is Aspect.FACT:
            declared = change.new or change.old
            known = (declared.label, declared.english)[language_index(lang)]
            return say("aside", lang, label, known) if known else label
        if change.aspect is Aspect.WINDOW and not change.rule:
            return say("aside", lang, label, _say("every", lang))
        return label

    # sides

    def _sides(self, change: Change, lang: str) -> tuple[str | None, str | None]:
        return (
            self._side(change, change.old, self.old, lang),
            self._side(change, change.new, self.new, lang),
        )

    def _side(
        self, change: Change, value: Any, book: RuleBook, lang: str
    ) -> str | None:
        """What something was, or is, in words."""
        if value is None or value == "":
            return None
        if _same_tier(change):
            value = value.term
        said = self._words_of(change, book, lang)
        return side_words(change.aspect, value, book, said)

    @staticmethod
    def _words_of(change: Change, book: RuleBook, lang: str) -> Words:
        subject = book[change.rule].subject if change.rule in book else "enterprise"
        return Words(book.vocabulary, subject, lang)

    def _same_words(self, change: Change, said: str, lang: str) -> str:
        """What differs where both versions are said in the same words."""
        if change.aspect is not Aspect.CONDITION:
            return _say("meaning", lang, said)
        old, new = ({m.name: m for m in _members(c)} for c in (change.old, change.new))
        parts = []
        for name in old.keys() & new.keys():
            for key, some, others in (
                ("rows-more", new, old),
                ("rows-less", old, new),
            ):
                rows = sorted(some[name].rows - others[name].rows, key=str)
                if rows:
                    parts.append(_say(key, lang, row_words(rows, lang)))
        together = _say("comma", lang).join(parts)
        return say("aside", lang, said, together) if parts else said


_SECTIONS = (
    (
        "whole",
        {Aspect.POLICY, Aspect.WINDOW, Aspect.GROUP, Aspect.BUDGET},
    ),
    ("readings", {Aspect.READING, Aspect.READING_VALUES}),
    ("facts", {Aspect.FACT}),
)


def _say(key: str, lang: str, *parts: object) -> str:
    return _SAID[key][language_index(lang)].format(*parts)


def _same_tier(change: Change) -> bool:
    """Whether a tier has kept its test."""
    match change:
        case Change(old=Branch(condition=test), new=Branch(condition=other)):
            return test == other
        case _:
            return False


def _within(change: Change) -> bool:
    """Whether a change lies within a rule that both versions have."""
    return change.aspect not in (Aspect.RULE_ADDED, Aspect.RULE_REMOVED)


def _members(node: Any) -> Iterator[Member]:
    return (part for part in walk(node) if isinstance(part, Member))
