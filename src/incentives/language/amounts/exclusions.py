"""`excluded:` — who gets nothing whatever else holds: blacklists, bad credit, closures."""

from ...ir import Not
from ...policy import ReasonCode, Requirement
from ..conjunctions import condition_of
from ..expressions.scope import Context
from ..keys import Keys
from ..nodes import Scalar


def exclusions_of(keys: Keys, context: Context) -> list[Requirement]:
    """That none of the listed conditions holds, each a requirement of its own."""
    found: list[Requirement] = []
    for item in keys.items("excluded", empty="write what excludes, or leave it out"):
        condition = condition_of(item, context)
        if condition is not None:
            text = item.text if isinstance(item, Scalar) else ""
            none = Not(condition)
            found.append(Requirement(ReasonCode.EXCLUDED, none, text, item.place))
    return found
