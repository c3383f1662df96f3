"""The six clauses of the bundled pack, decided by `incentives` in several ways."""

import shutil
import tempfile

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache, partial
from pathlib import Path
from typing import Any

from attrs import frozen

import incentives

from .peers.protocol import DISCRETIONARY, RULES, Decide, Facts, Peer
from .subjects import AS_OF, READINGS, Subject

PACK = Path(__file__).parents[1] / "rules" / "quanzhou-2024"

Found = Mapping[str, tuple[Any, Any, Any]]


@frozen
class Row:
    """One line of the table: a way to decide, and what it is given for each subject."""

    name: str
    decide: Decide
    given: Callable[[Subject], Any]
    fen: Callable[[Any], Mapping[str, int]]


@cache
def six_rules() -> incentives.RuleBook:
    """A book of the six rules that every peer has too."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / PACK.name
        shutil.copytree(PACK, copy)
        for path in copy.glob("[0-9]*.yaml"):
            if path.stem.partition("-")[2] not in RULES:
                path.unlink()
        # The inventory names rules that are no longer there.
        policy = copy / "policy.yaml"
        words = policy.read_text("utf-8").replace("inventory: clauses\n", "")
        policy.write_text(words, "utf-8")
        return incentives.load(copy)


def as_object(
    book: incentives.RuleBook, subject: Subject
) -> incentives.Enterprise | incentives.County:
    """The subject as callers hold it."""
    county = subject.record["kind"] == "county"
    form = incentives.County if county else incentives.Enterprise
    return form.from_dict(subject.record, rules=book)


def own_rows() -> list[Row]:
    """`incentives` on six rules and on all, from objects and from JSON."""
    six, every = six_rules(), incentives.bundled()
    of_six, of_every = (partial(as_object, book) for book in (six, every))
    return [
        Row("incentives", partial(_decided, six), of_six, _fen),
        Row("incentives, reasons of all", partial(_reasoned, six), of_six, _first),
        Row("incentives, all explained", partial(_explained, six), of_six, _first),
        Row("incentives, from JSON", partial(_decided, six), _record, _fen),
        Row(
            f"incentives, {len(every)} rules", partial(_decided, every), of_every, _fen
        ),
    ]


def peer_row(peer: Peer) -> Row:
    """A peer made ready."""
    return Row(peer.name, peer.prepare(), partial(_facts, peer), peer.fen)


def expected(subject: Subject) -> Mapping[str, int]:
    """What every row must give: the fen of `evaluate()` on the six rules."""
    book = six_rules()
    return _fen(_decided(book, as_object(book, subject)))


def _decided(book: incentives.RuleBook, subject: Any) -> Found:
    return _read(_evaluated(book, subject))


def _reasoned(book: incentives.RuleBook, subject: Any) -> tuple[Found, Any]:
    """As ZEN's trace: every condition with the value that it met."""
    found = _evaluated(book, subject)
    return _read(found), [reason.to_dict() for d in found for reason in d.reasons]


def _explained(book: incentives.RuleBook, subject: Any) -> tuple[Found, Any]:
    found = _evaluated(book, subject)
    return _read(found), (found.to_dict(), [d.explain() for d in found])


def _evaluated(book: incentives.RuleBook, subject: Any) -> incentives.Assessment:
    return incentives.evaluate(subject, as_of=AS_OF, rules=book, readings=READINGS)


def _read(found: incentives.Assessment) -> Found:
    return {d.rule.id: (d.outcome, d.amount, d.code) for d in found}


def _fen(found: Found) -> Mapping[str, int]:
    return {rule: _fen_of(*found[rule][:2]) for rule in RULES}


def _fen_of(outcome: Any, amount: Any) -> int:
    if outcome is incentives.Outcome.DISCRETIONARY:
        return DISCRETIONARY
    # An outcome that is open must not pass for nothing.
    return 0 if outcome is incentives.Outcome.INELIGIBLE else int(amount * 100)


def _first(result: tuple[Found, Any]) -> Mapping[str, int]:
    return _fen(result[0])


def _facts(peer: Peer, subject: Subject) -> Facts:
    return peer.suit(subject.facts)


def _record(subject: Subject) -> Mapping[str, Any]:
    # A mapping of its own, as every request brings one.
    return deepcopy(subject.record)
