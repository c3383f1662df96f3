"""What differs between two versions of a rule book, and whether that widens or narrows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

import attrs

from ..book import RuleBook
from ..ir import Condition, Fact
from ..ir_walk import walk
from ..policy import Policy, ReasonCode, Rule, Window
from ..reports.revisions import newest
from ..vocabulary import FactDeclaration, RecordDeclaration, SubjectDeclaration
from .award_changes import award_changes
from .effects import Aspect, Change, Effect, condition_effect, together

_T = TypeVar("_T")


def changes_between(old: RuleBook, new: RuleBook) -> tuple[Change, ...]:
    """
    Every change from one version of a book to another, under the readings of each.

    What changes under another reading only, that both declare, follows, told by
    ``under``; a reading is changed alone, the others as the books have them.
    """
    found = [*_policy(old, new), *_rules(old, new)]
    seen = set(found)
    found += [*_readings(old, new), *_groups(old, new), *_facts(old, new)]
    for name, value in _shared_readings(old, new):
        choice = {name: value}
        for change in _rules(old.under(choice), new.under(choice)):
            if change not in seen:
                found.append(attrs.evolve(change, under=f"{name}={value}"))
    return tuple(found)


def _shared_readings(old: RuleBook, new: RuleBook) -> Iterator[tuple[str, str]]:
    for name, reading in new.declared_readings.items():
        earlier = old.declared_readings.get(name)
        for value in () if earlier is None else reading.others:
            used = value in (old.readings[name], new.readings[name])
            if value in earlier.others and not used:  # type: ignore[union-attr]  # no value without it
                yield name, value


def _pairs(
    old: Mapping[str, _T], new: Mapping[str, _T]
) -> Iterator[tuple[str, _T | None, _T | None]]:
    """What either has under each name, in the order of the new one."""
    for name in dict.fromkeys((*new, *old)):
        yield name, old.get(name), new.get(name)


# --- the policy and its rules --------------------------------------------------


def _policy(old: RuleBook, new: RuleBook) -> Iterator[Change]:
    for field in attrs.fields(Policy):
        before, after = getattr(old.policy, field.name), getattr(new.policy, field.name)
        if before != after:
            yield Change(
                Aspect.POLICY, name=field.name, old=_text(before), new=_text(after)
            )


def _text(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


def _rules(old: RuleBook, new: RuleBook) -> list[Change]:
    before, after = ({rule.id: rule for rule in book} for book in (old, new))
    found: list[Change] = []
    for name, earlier, rule in _pairs(before, after):
        if rule is None:
            removed = Change(Aspect.RULE_REMOVED, name, old=earlier)
            found.append(attrs.evolve(removed, effect=Effect.LOSES))
        elif earlier is None:
            added = Change(Aspect.RULE_ADDED, name, new=rule)
            found.append(attrs.evolve(added, effect=Effect.GAINS))
        elif earlier != rule:
            found += rule_changes(earlier, rule)
    return _windows_together(found, before.keys() & after.keys())


def _windows_together(found: list[Change], shared: Iterable[str]) -> list[Change]:
    """A window that changes alike for every rule is told once, of no rule."""
    rules = set(shared)
    windows = [c for c in found if c.aspect is Aspect.WINDOW]
    alike = {attrs.evolve(change, rule="") for change in windows}
    if len(rules) < 2 or len(alike) != 1 or {c.rule for c in windows} != rules:  # noqa: PLR2004  # one rule is told by its name
        return found
    return [*alike, *(c for c in found if c.aspect is not Aspect.WINDOW)]


def rule_changes(old: Rule, new: Rule) -> list[Change]:
    """What differs between two versions of a rule, at least one change."""
    # Where a notice changes words from a day on, both stand in the rule: told once.
    amended = _amended(old, new)
    found = [
        *amended,
        *_texts(old, new),
        *_subject(old, new),
        *(() if amended else _conditions(old, new)),
        *(() if amended else award_changes(old, new)),
        *_once(old, new),
        *_window(old, new),
    ]
    return [*found, *_others(old, new)] or [Change(Aspect.OTHER, new.id)]


#: Fields of a rule whose changes are told part by part.
_TOLD = frozenset(
    {
        *("id", "title", "english", "clause", "subject", "requirements", "award"),
        *("window", "dated", "event", "payer", "departments", "amended"),
    }
)


def _amended(old: Rule, new: Rule) -> list[Change]:
    """The notices that apply to one of two rules only, each from its day on."""
    sides = [[v for v in rule.amended if v.since] for rule in (old, new)]
    if sides[0] == sides[1]:
        return []
    before, after = (attrs.evolve(rule, award=newest(rule)) for rule in (old, new))
    changed = [*_conditions(before, after), *award_changes(before, after)]
    effect = together(change.effect for change in changed)
    gone = [version for version in sides[0] if version not in sides[1]]
    come = [version for version in sides[1] if version not in sides[0]]
    return [
        *(Change(Aspect.AMENDED, new.id, v.amendment, v, None, effect) for v in gone),
        *(Change(Aspect.AMENDED, new.id, v.amendment, None, v, effect) for v in come),
    ]


def _others(old: Rule, new: Rule) -> Iterator[Change]:
    """What else a rule holds: that it differs is said, not how."""
    for field in attrs.fields(Rule):
        if field.name in _TOLD:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after and not (field.name == "each" and _records(old, new)):
            yield Change(Aspect.OTHER, new.id, name=field.name)


def _records(old: Rule, new: Rule) -> bool:
    """Whether two rules look at the records of different lists."""
    before, after = (rule.each and rule.each.records for rule in (old, new))
    return before != after


def _texts(old: Rule, new: Rule) -> Iterator[Change]:
    before, after = (
        {
            "title": rule.title,
            "english": rule.english,
            "clause": rule.clause.number,
            "quote": rule.clause.quote,
            "implied": "；".join(rule.clause.implied),
            "note": rule.clause.note,
            "payer": rule.payer,
            "departments": rule.departments,
        }
        for rule in (old, new)
    )
    for name, text in after.items():
        if before[name] != text:
            yield Change(Aspect.TEXT, new.id, name=name, old=before[name], new=text)


def _subject(old: Rule, new: Rule) -> Iterator[Change]:
    sides = [(rule.subject, rule.each and rule.each.records) for rule in (old, new)]
    if sides[0] != sides[1]:
        before, after = sides
        yield Change(
            Aspect.SUBJECT, new.id, old=before, new=after, effect=Effect.DEPENDS
        )
    for name in ("event", "dated"):
        day, other = getattr(old, name), getattr(new, name)
        # Without an application of its own, a rule is dated by its event.
        if day != other and not (name == "dated" and old.event != new.event):
            yield Change(
                Aspect.DAY, new.id, name=name, old=day, new=other, effect=Effect.DEPENDS
            )


def _window(old: Rule, new: Rule) -> Iterator[Change]:
    if old.window != new.window:
        effect = window_effect(old.window, new.window)
        yield Change(
            Aspect.WINDOW, new.id, old=old.window, new=new.window, effect=effect
        )


def window_effect(old: Window, new: Window) -> Effect:
    """A window that begins earlier or ends later gives more."""
    wider = (
        new.earliest <= old.earliest and new.latest <= old.latest,
        new.last >= old.last,
    )
    narrower = (
        new.earliest >= old.earliest and new.latest >= old.latest,
        new.last <= old.last,
    )
    if all(wider):
        return Effect.GAINS
    return Effect.LOSES if all(narrower) else Effect.DEPENDS


def _once(old: Rule, new: Rule) -> Iterator[Change]:
    before, after = (_of(rule, ReasonCode.ALREADY_AWARDED) for rule in (old, new))
    if before != after:
        effect = Effect.DEPENDS
        if not before or not after:
            effect = Effect.GAINS if before else Effect.LOSES
        first, second = (next(iter(each), None) for each in (before, after))
        yield Change(Aspect.ONCE, new.id, old=first, new=second, effect=effect)


# --- conditions ----------------------------------------------------------------


def _of(rule: Rule, code: ReasonCode) -> list[Condition]:
    return [each.condition for each in rule.requirements if each.code is code]


#: Requirements that follow from the window, the event and earlier awards.
_TIMING = frozenset(
    {
        ReasonCode.NOT_YET_EFFECTIVE,
        ReasonCode.NOT_YET_HAPPENED,
        ReasonCode.EXPIRED,
        ReasonCode.ALREADY_AWARDED,
    }
)


def _conditions(old: Rule, new: Rule) -> Iterator[Change]:
    """Conditions removed, added, and changed: those that read the same facts."""
    before, after = (
        [each.condition for each in rule.requirements if each.code not in _TIMING]
        for rule in (old, new)
    )
    removed = [each for each in before if each not in after]
    added = [each for each in after if each not in before]
    for condition in added:
        twin = next(
            (o for o in removed if _facts_read(o) & _facts_read(condition)), None
        )
        if twin is None:
            yield Change(Aspect.CONDITION, new.id, new=condition, effect=Effect.LOSES)
            continue
        removed.remove(twin)
        effect = condition_effect(twin, condition)
        yield Change(Aspect.CONDITION, new.id, old=twin, new=condition, effect=effect)
    for condition in removed:
        yield Change(Aspect.CONDITION, new.id, old=condition, effect=Effect.GAINS)


def _facts_read(condition: Condition) -> frozenset[str]:
    return frozenset(node.path for node in walk(condition) if isinstance(node, Fact))


# --- readings, groups, facts ---------------------------------------------------


def _readings(old: RuleBook, new: RuleBook) -> Iterator[Change]:
    for name, before, after in _pairs(old.declared_readings, new.declared_readings):
        if before is None or after is None:
            sides = [None if each is None else each.default for each in (before, after)]
            yield Change(Aspect.READING, name=name, old=sides[0], new=sides[1])
            continue
        if before.default != after.default:
            yield Change(
                Aspect.READING, name=name, old=before.default, new=after.default
            )
        values = [tuple(each.values) for each in (before, after)]
        if set(values[0]) != set(values[1]):
            yield Change(Aspect.READING_VALUES, name=name, old=values[0], new=values[1])


def _groups(old: RuleBook, new: RuleBook) -> Iterator[Change]:
    for aspect, kind in ((Aspect.GROUP, "groups"), (Aspect.BUDGET, "budgets")):
        before, after = (
            {each.id: each for each in getattr(book, kind)} for book in (old, new)
        )
        for name, earlier, group in _pairs(before, after):
            if earlier != group:
                yield Change(
                    aspect, name=name, old=earlier, new=group, effect=Effect.DEPENDS
                )


def _facts_of(declared: SubjectDeclaration) -> Iterator[tuple[str, Any]]:
    """Facts and lists by the name that a record has for them."""
    yield from declared.facts.items()
    for name, records in declared.records.items():
        yield f"{name}[]", records
        for field, fact in records.fields.items():
            yield f"{name}[].{field}", fact


#: What is said of a fact, and changes no answer.
_WORDING = dict.fromkeys(
    ("label", "english", "note", "certified_by", "question", "english_question"), ""
)


def _meaning(declared: FactDeclaration | RecordDeclaration | None) -> object:
    if declared is None:
        return None
    names = {field.name for field in attrs.fields(type(declared))}
    words: dict[str, Any] = {name: "" for name in _WORDING if name in names}
    if isinstance(declared, RecordDeclaration):
        return attrs.evolve(declared, **words, fields={})
    return attrs.evolve(declared, **words)


def _facts_changed(
    old: Sequence[tuple[str, Any]], new: Sequence[tuple[str, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    for name, before, after in _pairs(dict(old), dict(new)):
        if _meaning(before) != _meaning(after):
            yield name, before, after


def _facts_in(book: RuleBook, subject: str) -> list[tuple[str, Any]]:
    declared = book.vocabulary.subjects.get(subject)
    return [] if declared is None else list(_facts_of(declared))


def _facts(old: RuleBook, new: RuleBook) -> Iterator[Change]:
    for subject in new.vocabulary.subjects:
        sides = (_facts_in(old, subject), _facts_in(new, subject))
        for name, before, after in _facts_changed(*sides):
            yield Change(Aspect.FACT, subject=subject, name=name, old=before, new=after)
