"""Conditions as rule files write them: an expression, or several joined in a list."""

from fractions import Fraction

from ..ir import (
    Add,
    All,
    Any,
    Branch,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Kind,
)
from . import expressions
from .expressions.scope import Context
from .forms.pack_forms import CONDITION
from .keys import Keys, as_mapping, as_whole_number
from .nodes import Node, Scalar


def condition_of(item: Node, context: Context) -> Condition | None:
    """An expression, or `all of:`, `any of:`, `at least: 2` `of:` some conditions."""
    if isinstance(item, Scalar):
        return expressions.condition(item, context.scope, context.problems)
    body = as_mapping(item, context.problems, "a condition")
    if body is None:
        return None
    known = tuple(shape.group for shape in CONDITION.words)
    keys = Keys(body, (*known, "of"), context.problems, "a condition")
    words = [word for word in known if word in keys]
    if len(words) != 1:
        if not keys.misspelt:
            either = " or ".join(repr(keys.shown(word)) for word in known)
            message = f"a condition needs either {either}"
            context.problems.add("missing-key", message, body.place)
        return None
    (word,) = words
    listed = "of" if word == "at least" else word
    keys.get(listed, required=True)
    parts = [
        condition_of(part, context)
        for part in keys.items(listed, empty="write what the condition is made of")
    ]
    complete = tuple(part for part in parts if part is not None)
    if word == "at least":
        return _at_least(keys, complete, len(parts), context)
    return Any(complete) if word == "any of" else All(complete)


_ONE = Constant(Fraction(1), Kind.NUMBER)
_NONE = Constant(Fraction(0), Kind.NUMBER)


def _at_least(
    keys: Keys, conditions: tuple[Condition, ...], written: int, context: Context
) -> Condition | None:
    """So many of some conditions: each that is met counts as one."""
    scalar = keys.scalar("at least")
    count = None if scalar is None else as_whole_number(scalar, context.problems)
    if scalar is None or count is None or not conditions:
        return None
    if count > written:
        message = f"at least {count} of {written} conditions"
        context.problems.add("bad-number", message, scalar.place)
        return None
    counted = tuple(Choose((Branch(each, _ONE),), _NONE) for each in conditions)
    wanted = Constant(Fraction(count), Kind.NUMBER)
    return Compare(Comparison.GE, Add(counted), wanted)
