"""
Named keys rewritten into the kernel: no engine ever learns a word of this package.

Every word of the rule language that stands for a value is one entry here.
"""

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping

import attrs

from ...errors import one_of
from ...ir import Constant, Greatest, Kind, Round, Term
from ...ir_kinds import kind_of, unit_of
from ...standards import Cash, Discretionary, NonCash
from .. import expressions
from ..expressions.scope import Context
from ..expressions.terms import named
from ..forms.award_forms import AMOUNT_WORDS, MODIFIER_KEYS
from ..forms.form_kinds import names
from ..keys import Keys, as_mapping, meant_by
from ..nodes import Mapping, Node, Problems, Scalar
from ..words import KEYS
from . import amounts, brackets
from .limits import LIMITS, cap_over_items, limited, rounding_of
from .lookups import look_up
from .modifiers import bonuses, changed, with_bonuses
from .slots import Slots, measured
from .tiers import tiers

#: Awards that state no amount, and what each is.
_UNPRICED: AbstractMapping[str, type[NonCash | Discretionary]] = {
    "non-cash": NonCash,
    "discretionary": Discretionary,
}
_ZERO = Constant(0, Kind.MONEY)
#: The keys that may stand beside the word of a value that is no award.
MODIFIERS = tuple(key.name for key in MODIFIER_KEYS)


def award_of(node: Node, context: Context) -> Cash | NonCash | Discretionary | None:
    """What a rule grants: the words under `award`."""
    problems = context.problems
    if isinstance(node, Mapping) and any(map(node.written, _UNPRICED)):
        word = _chosen_word(node, problems, LIMITS)
        if word is None:
            return None
        words = Keys(node, (word,), problems, f"{node.written(word)!r}")
        return _UNPRICED[word](words.text(word, required=True))
    amount = _value(node, context, Kind.MONEY, LIMITS)
    if amount is None:
        return None
    if unit := unit_of(amount):
        said = f"an award is an amount of money, not {measured(unit, Kind.MONEY)}"
        problems.add("mixed-units", said, node.place)
        return None
    if not isinstance(amount, Constant):
        amount = Round(Greatest((_ZERO, amount)), *rounding_of(node, problems))
    elif amount.value <= 0:  # type: ignore[operator]  # money
        problems.add("no-amount", "an award of nothing", node.place)
    return Cash(amount, cap=cap_over_items(node, context, value_of))


def value_of(node: Node, context: Context, kind: Kind | None) -> Term | None:
    """The term that an expression, or one of the words for values, comes to."""
    return _value(node, context, kind, MODIFIERS)


def _value(
    node: Node, context: Context, kind: Kind | None, beside: tuple[str, ...]
) -> Term | None:
    """A value, with the keys that may stand beside its word."""
    if isinstance(node, Scalar):
        return expressions.term(node, context.scope, context.problems, kind)
    body = as_mapping(node, context.problems, "an amount")
    word = None if body is None else _chosen_word(body, context.problems, beside)
    if body is None or word is None:
        return None
    # The word stands first where the keys that go together are told.
    allowed = dict.fromkeys((word, *_COMPANIONS[word], *beside))
    keys = Keys(body, allowed, context.problems, f"{body.written(word)!r}")
    slots = Slots(keys, context, value_of)
    added = bonuses(slots)
    if word in _OF_RATES:
        points = tuple(term for term, _ in added if kind_of(term) is Kind.RATE)
        slots = attrs.evolve(slots, points=points)
        added = tuple(bonus for bonus in added if kind_of(bonus[0]) is not Kind.RATE)
    term = _VALUE_WORDS[word](slots, kind)
    if term is None:
        return None
    if kind is not None and kind is not kind_of(term):
        context.problems.add(
            "kind-mismatch",
            f"expected {named(kind)}, got {named(kind_of(term))}",
            body.place,
        )
        return None
    changing = [key for key in beside if key in keys]
    if changing and not slots.is_measure(term, body.place):
        return None
    more = with_bonuses(term, added, slots)
    less = None if more is None else changed(more, slots)
    return None if less is None else limited(less, slots)


def _chosen_word(
    body: Mapping, problems: Problems, beside: tuple[str, ...]
) -> str | None:
    """The one word for a value that a mapping uses, or None with a diagnostic."""
    words: list[str] = [*_VALUE_WORDS, *(_UNPRICED if beside is LIMITS else ())]
    chosen = {word: at for word in words if (at := body.written(word)) is not None}
    if len(chosen) == 1:
        return next(iter(chosen))
    if chosen:
        two = list(chosen.values())[:2]
        first, second = sorted(two, key=list(body.entries).index)
        problems.add(
            "two-amounts",
            f"{second!r} stands beside {first!r}: which one is meant?",
            body.keys[second],
            None,
            (f"{first!r} stands here", body.keys[first]),
        )
        return None
    for key, place in body.keys.items():
        meant = meant_by(key, words, KEYS)
        if meant is not None and KEYS.meant(key, beside) is None:
            help_ = f"did you mean {meant[0]!r}?"
            problems.add("unknown-key", f"unknown key {key!r}", place, help_)
            return None
    problems.add(
        "no-amount", "no amount is stated", body.place, f"expected {one_of(words)}"
    )
    return None


_Build = Callable[[Slots, Kind | None], Term | None]

#: The words that state a value, and what they mean.
_VALUE_WORDS: AbstractMapping[str, _Build] = {
    "amount": amounts.amount,
    "rate": amounts.rate,
    "tiers": tiers,
    "brackets": brackets.brackets,
    "per unit": brackets.per_unit,
    "per step": brackets.per_step,
    "look up": look_up,
    "matching": amounts.matching,
    "interest": amounts.interest,
    "sum of": amounts.sum_of,
    "lowest of": amounts.lowest_of,
    "highest of": amounts.highest_of,
}
#: The words whose rate a bonus of percentage points adds to.
_OF_RATES = ("rate", "matching", "interest")
#: The keys that go with each.
_COMPANIONS = {shape.group: names(shape) for shape in AMOUNT_WORDS}
