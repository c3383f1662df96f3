"""`define:`: names for values that a rule uses, and what may be a name at all."""

from collections.abc import Iterator

import attrs

from ..ir import Branch, Condition, Term
from .keys import Keys
from .scope import Context, Scope, check_name
from .sugar import value_of

#: Definitions are written out where they are used: no honest one is larger.
MAX_TERMS = 1000


def definitions_of(keys: Keys, context: Context) -> Scope:
    """The scope with the definitions, each able to use the ones before it."""
    scope, problems = context.scope, context.problems
    body = keys.mapping("define")
    for name, node in ({} if body is None else body.entries).items():
        place = body.keys[name]  # type: ignore[union-attr]  # it has entries
        if name in scope.names():
            problems.add("duplicate-name", f"{name!r} is already a fact", place)
            continue
        check_name(name, place, problems)
        term = value_of(node, attrs.evolve(context, scope=scope), None)
        if term is None:
            continue
        if _is_too_large(term):
            message = f"{name!r} comes to more than {MAX_TERMS} terms"
            problems.add("expression-too-large", message, place)
            continue
        scope = attrs.evolve(scope, definitions={**scope.definitions, name: term})
    return scope


def _is_too_large(term: Term) -> bool:
    """Whether a term has too many nodes; it is not looked through beyond that."""
    waiting: list[Iterator[Term | Condition | Branch]] = [iter((term,))]
    count = 0
    while waiting and count <= MAX_TERMS:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
        else:
            count += 1
            waiting.append(_children(node))
    return count > MAX_TERMS


def _children(node: Term | Condition | Branch) -> Iterator[Term | Condition | Branch]:
    for attribute in attrs.fields(type(node)):
        value = getattr(node, attribute.name)
        parts = value if isinstance(value, tuple) else (value,)
        yield from (part for part in parts if attrs.has(type(part)))
