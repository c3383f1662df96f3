"""GoRules ZEN in Rust: one node of six expressions, from its loader."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import zen

from .expressions import coded, coded_expressions
from .protocol import Decide, Facts, Peer


def graph(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """A decision of one node between its input and its output."""
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "rules", "name": "rules", **node},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rules"},
            {"id": "2", "type": "edge", "sourceId": "rules", "targetId": "out"},
        ],
    }


def engine(node: Mapping[str, Any]) -> zen.ZenEngine:
    """An engine that finds the decision as `rules`; this way compiles it once."""
    loader = {"type": "static", "content": {"rules": graph(node)}}
    return zen.ZenEngine({"loader": loader})


def _prepare(*, trace: bool) -> Decide:
    texts = coded_expressions("floor({} / 10)")
    listed = [{"id": rule, "key": rule, "value": text} for rule, text in texts.items()]
    content = {"expressions": listed}
    ready = engine({"type": "expressionNode", "content": content})
    options = {"trace": trace}

    def decide(facts: Facts) -> Mapping[str, Any]:
        return ready.evaluate("rules", facts, options)

    return decide


def _fen(result: Mapping[str, Any]) -> Mapping[str, int]:
    return result["result"]


PEERS = [
    Peer("ZEN", partial(_prepare, trace=False), _fen, "zen-engine", coded),
    Peer("ZEN with trace", partial(_prepare, trace=True), _fen, "zen-engine", coded),
]
