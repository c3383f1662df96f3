"""Whether a change of a condition or an amount gives more, gives less, or depends."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from attrs import frozen

from ..ir import (
    Add,
    All,
    Compare,
    Comparison,
    Condition,
    Constant,
    Greatest,
    Least,
    Member,
    Multiply,
    Not,
    Round,
    Shift,
    Term,
)
from ..ir import Any as AnyOf


class Effect(Enum):
    """What a change does to those who ask; ``NONE`` where no answer changes."""

    GAINS = "gains"
    LOSES = "loses"
    DEPENDS = "depends"
    NONE = "none"

    @property
    def opposite(self) -> "Effect":
        """The effect of what is turned round, such as a condition that is negated."""
        return {Effect.GAINS: Effect.LOSES, Effect.LOSES: Effect.GAINS}.get(self, self)


class Aspect(Enum):
    """What of a book has changed; the values are part of the output."""

    RULE_ADDED = "rule-added"
    RULE_REMOVED = "rule-removed"
    TEXT = "text"
    SUBJECT = "subject"
    DAY = "day"
    CONDITION = "condition"
    AWARD = "award"
    AMOUNT = "amount"
    RATE = "rate"
    BASE = "base"
    TIER = "tier"
    ROW = "row"
    CAP = "cap"
    CAP_OF_ALL = "cap-of-all"
    FLOOR = "floor"
    ROUNDING = "rounding"
    ONCE = "once"
    WINDOW = "window"
    AMENDED = "amended"
    OTHER = "other"
    POLICY = "policy"
    READING = "reading"
    READING_VALUES = "reading-values"
    GROUP = "group"
    BUDGET = "budget"
    FACT = "fact"


@frozen
class Change:
    """
    One thing that differs between two versions of a book.

    ``old`` and ``new`` are what it was and is, None where there was or is none: nodes
    of the kernel, texts, windows, declarations, by the aspect. ``rule`` is empty where
    the change is of no single rule; ``name`` says which text, reading, fact or row;
    ``subject`` whose fact; ``under`` names the reading under which alone it differs.
    """

    aspect: Aspect
    rule: str = ""
    name: str = ""
    old: Any = None
    new: Any = None
    effect: Effect = Effect.NONE
    subject: str = ""
    under: str = ""


def together(effects: Iterable[Effect]) -> Effect:
    """The effect of several changes at once."""
    found = set(effects) - {Effect.NONE}
    if not found:
        return Effect.NONE
    return found.pop() if len(found) == 1 else Effect.DEPENDS


# --- terms ---------------------------------------------------------------------


def term_effect(old: Term | None, new: Term | None) -> Effect:
    """Whether a term comes to more than before."""
    if old == new:
        return Effect.NONE
    match old, new:
        case Constant(), Constant() if old.kind is new.kind and old.kind.ordered:
            return _compared(old.value, new.value)
        case Round(), Round() if (old.unit, old.mode) == (new.unit, new.mode):
            return term_effect(old.term, new.term)
        case Multiply(), Multiply():
            sides = (old.left, new.left), (old.right, new.right)
            return together(term_effect(*side) for side in sides)
        case (
            (Add(terms=before), Add(terms=after))
            | (Least(terms=before), Least(terms=after))
            | (Greatest(terms=before), Greatest(terms=after))
        ) if len(before) == len(after):
            return together(map(term_effect, before, after))
        case Shift(), Shift() if (old.term, old.back) == (new.term, new.back):
            return _shifted(old, new)
        case _:
            return Effect.DEPENDS


def _compared(old: Any, new: Any) -> Effect:
    return Effect.GAINS if new > old else Effect.LOSES


def _shifted(old: Shift, new: Shift) -> Effect:
    before, after = (
        (12 * each.period.years + each.period.months, each.period.days)
        for each in (old, new)
    )
    parts = [
        _compared(*pair) if pair[0] != pair[1] else Effect.NONE
        for pair in zip(before, after, strict=True)
    ]
    effect = together(parts)
    return effect.opposite if new.back else effect


# --- conditions ----------------------------------------------------------------

_AT_LEAST = (Comparison.GT, Comparison.GE)
_AT_MOST = (Comparison.LT, Comparison.LE)


def condition_effect(old: Condition, new: Condition) -> Effect:
    """Whether more meet a condition than before."""
    if old == new:
        return Effect.NONE
    match old, new:
        case Compare(), Compare():
            return _comparison_effect(old, new)
        case Member(), Member() if old.terms == new.terms:
            if old.rows <= new.rows:
                return Effect.GAINS
            return Effect.LOSES if new.rows <= old.rows else Effect.DEPENDS
        case Not(), Not():
            return condition_effect(old.part, new.part).opposite
        case (AnyOf(), _) | (_, AnyOf()):
            return _parts_effect(_parts(old, AnyOf), _parts(new, AnyOf), Effect.GAINS)
        case (All(), _) | (_, All()):
            return _parts_effect(_parts(old, All), _parts(new, All), Effect.LOSES)
        case _:
            return Effect.DEPENDS


def _parts(node: Condition, kind: type[All | AnyOf]) -> tuple[Condition, ...]:
    return node.parts if isinstance(node, kind) else (node,)


def _parts_effect(
    old: tuple[Condition, ...], new: tuple[Condition, ...], more: Effect
) -> Effect:
    """The effect of other parts; ``more`` is that of a part that is added."""
    removed = [part for part in old if part not in new]
    added = [part for part in new if part not in old]
    if len(removed) == len(added):
        return together(map(condition_effect, removed, added))
    if removed and added:
        return Effect.DEPENDS
    return more if added else more.opposite


def _comparison_effect(old: Compare, new: Compare) -> Effect:
    """Both sides and the sign: `≥` is met by more where its left side is greater."""
    signs = (old.comparison, new.comparison)
    left, right = term_effect(old.left, new.left), term_effect(old.right, new.right)
    if all(sign in _AT_LEAST for sign in signs):
        sides = (left, right.opposite)
    elif all(sign in _AT_MOST for sign in signs):
        sides = (left.opposite, right)
    else:
        return Effect.DEPENDS
    sign = Effect.NONE
    if signs[0] is not signs[1]:
        strict = new.comparison in (Comparison.GT, Comparison.LT)
        # With another threshold, whether the threshold itself counts matters less.
        sign = Effect.LOSES if strict else Effect.GAINS
    moved = together(sides)
    return sign if moved is Effect.NONE else moved
