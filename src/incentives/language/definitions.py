"""`define:`: names for values, in whatever order they stand, that may use each other."""

import re

from collections.abc import Mapping as AbstractMapping
from graphlib import CycleError, TopologicalSorter
from itertools import islice

import attrs

from attrs import frozen

from ..errors import Place
from ..ir import Term
from ..ir_walk import walk
from .amounts.sugar import value_of
from .expressions.scope import Context, Scope, check_name
from .keys import Keys
from .nodes import Mapping, Node, Scalar
from .nodes import walk as nodes_in

#: Definitions are written out where they are used: no honest one is larger.
MAX_TERMS = 1000


@frozen
class _Definition:
    """A name, the node that says what it means, and where the name stands."""

    node: Node
    place: Place
    mentions: frozenset[str]


def definitions_of(
    keys: Keys, context: Context, shared: AbstractMapping[str, Mapping] | None = None
) -> Scope:
    """
    The scope with the definitions of the rule and those that its pack shares.

    ``shared`` are the definitions of facts.yaml by the kind of subject.
    """
    common = (shared or {}).get(context.subject)
    scope = context.scope if common is None else with_definitions(common, context)
    own = keys.mapping("define")
    return (
        scope
        if own is None
        else with_definitions(own, attrs.evolve(context, scope=scope))
    )


def with_definitions(body: Mapping, context: Context) -> Scope:
    """The scope with the definitions of one mapping, each after what it uses."""
    scope, problems = context.scope, context.problems
    found: dict[str, _Definition] = {}
    for name, node in body.entries.items():
        place = body.keys[name]
        if name in scope.names():
            problems.add("duplicate-name", f"{name!r} is already a fact", place)
            continue
        check_name(name, place, problems)
        found[name] = _Definition(node, place, _mentioned(node) & body.entries.keys())
    names = _ordered(found, context)
    scope = attrs.evolve(scope, undefined=scope.undefined | found.keys())
    for name in names:
        definition = found[name]
        term = value_of(definition.node, attrs.evolve(context, scope=scope), None)
        if term is None:
            continue
        if _is_too_large(term):
            message = f"{name!r} comes to more than {MAX_TERMS} terms"
            problems.add("expression-too-large", message, definition.place)
            continue
        scope = attrs.evolve(scope, definitions={**scope.definitions, name: term})
    return scope


def _ordered(
    found: AbstractMapping[str, _Definition], context: Context
) -> tuple[str, ...]:
    """The names so that each stands after those it uses; none where they go round."""
    uses = {
        name: [other for other in found if other in definition.mentions]
        for name, definition in found.items()
    }
    try:
        return tuple(TopologicalSorter(uses).static_order())
    except CycleError as error:
        # The sorter tells the cycle backwards: each name uses the next one here.
        cycle: list[str] = list(reversed(error.args[1]))
        first = cycle[0]
        context.problems.add(
            "definition-cycle",
            f"{first!r} is defined by itself: {' → '.join(cycle)}",
            found[first].place,
            "say one of them without the others",
            *((f"{name!r} is used here", found[name].place) for name in cycle[1:-1]),
        )
        return ()


_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'")
_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def _mentioned(node: Node) -> frozenset[str]:
    """Every name that the expressions of a node may use; texts in quotes are none."""
    texts = (part.text for part in nodes_in(node) if isinstance(part, Scalar))
    return frozenset(
        word for text in texts for word in _WORD.findall(_QUOTED.sub("", text))
    )


def _is_too_large(term: Term) -> bool:
    """Whether a term has too many nodes; it is not looked through beyond that."""
    beyond = islice(walk(term), MAX_TERMS, None)
    return next(beyond, None) is not None
