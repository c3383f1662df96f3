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
FLAT_PACK = Path(__file__).parent / "flat_pack"

#: Facts that the flat pack calls otherwise, as the core or Python has their names.
_RENAMED = {"subject": "subject_kind", "county_class": "county_class_number"}

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


@cache
def flat_rules() -> incentives.RuleBook:
    """The six rules over the flat facts that peers get."""
    return incentives.load(FLAT_PACK)


def as_flat_object(subject: Subject) -> incentives.Enterprise:
    """The flat facts of a subject as callers would hold them."""
    facts = {
        _RENAMED.get(name, name): _flat_value(name, value)
        for name, value in subject.facts.items()
        if name != "as_of"
    }
    record = {"id": subject.record["id"], **facts}
    return incentives.Enterprise.from_dict(record, rules=flat_rules())


def _flat_value(name: str, value: Any) -> Any:
    if name.endswith(("_published", "_date", "_recognised", "_assessed")):
        # A day that never came is known not to have come.
        return _iso(value) if value else False
    if name in ("equipment_cost", "software_cost", "fiscal_funding", "platform_paid"):
        return f"{value // 100}.{value % 100:02d}"
    return "无" if value == "" else value


def _iso(number: int) -> str:
    return f"{number // 10_000}-{number // 100 % 100:02d}-{number % 100:02d}"


def own_rows() -> list[Row]:
    """`incentives` on six rules and on all, from objects and from JSON."""
    six, every, flat = six_rules(), incentives.bundled(), flat_rules()
    of_six, of_every = (partial(as_object, book) for book in (six, every))
    return [
        Row(
            "incentives, flat facts", partial(_decided_flat, flat), as_flat_object, _fen
        ),
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


def _decided_flat(book: incentives.RuleBook, subject: Any) -> Found:
    return _read(incentives.evaluate(subject, as_of=AS_OF, rules=book))


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
    return {d.rule.id: (d.outcome, d.amount, d.reason_code) for d in found}


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
