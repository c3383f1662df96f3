"""rule-engine in Python: one rule of its own for each clause."""

from collections.abc import Mapping

import rule_engine

from .expressions import expressions
from .protocol import Decide, Facts, Peer


def _prepare() -> Decide:
    texts = expressions("({} // 10)")
    rules = {rule: rule_engine.Rule(text) for rule, text in texts.items()}

    def decide(facts: Facts) -> Mapping[str, int]:
        return {rule: int(each.evaluate(facts)) for rule, each in rules.items()}

    return decide


PEERS = [Peer("rule-engine", _prepare, distribution="rule-engine")]
