"""CEL in Rust: one program that gives a map of all six."""

import cel

from .expressions import coded, coded_expressions
from .protocol import Decide, Peer


def _prepare() -> Decide:
    texts = coded_expressions("({} / 10)")
    entries = (f'"{rule}": ({text})' for rule, text in texts.items())
    source = "{" + ", ".join(entries) + "}"
    for word, sign in ((" and ", " && "), (" or ", " || "), ("not ", "!")):
        source = source.replace(word, sign)
    return cel.compile(source).execute


PEERS = [Peer("CEL", _prepare, distribution="common-expression-language", suit=coded)]
