"""Conditions as rule files write them: an expression, or several joined in a list."""

from ..ir import All, Any, Condition
from . import expressions
from .expressions.scope import Context
from .forms.pack_forms import CONDITION
from .keys import Keys, as_mapping
from .nodes import Node, Scalar


def condition_of(item: Node, context: Context) -> Condition | None:
    """An expression, or `all of:` / `any of:` with a list of conditions."""
    if isinstance(item, Scalar):
        return expressions.condition(item, context.scope, context.problems)
    body = as_mapping(item, context.problems, "a condition")
    if body is None:
        return None
    known = tuple(shape.group for shape in CONDITION.words)
    keys = Keys(body, known, context.problems, "a condition")
    words = [word for word in known if word in keys]
    if len(words) != 1:
        if not keys.misspelt:
            either = " or ".join(repr(keys.shown(word)) for word in known)
            message = f"a condition needs either {either}"
            context.problems.add("missing-key", message, body.place)
        return None
    (word,) = words
    parts = [
        condition_of(part, context)
        for part in keys.items(word, empty="write what the condition is made of")
    ]
    complete = tuple(part for part in parts if part is not None)
    return Any(complete) if word == "any of" else All(complete)
