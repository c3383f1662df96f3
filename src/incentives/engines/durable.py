"""What durable-rules makes of decided propositions, in the subset of it that is safe."""

import json
import os

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from itertools import count
from threading import RLock
from typing import Protocol, assert_never, cast
from weakref import finalize

from attrs import define, field

from ..errors import IncentivesError
from ..ir import Condition
from ..verdict import Verdict
from .rails import (
    Either,
    Formula,
    Pattern,
    Rail,
    Size,
    Together,
    Wanted,
    outline,
    rails,
    steps,
)

#: durable-rules breaks beyond 48 leaves of a ruleset: here those of both rails, one
#: more for each rail and one for the sentinel are 47. It breaks beyond 15
#: connectives of a rule, and goes through every way in which a rule can match.
MOST = Size(leaves=22, connectives=12, ways=32)

#: A ruleset takes about 300 kB, and 0.2 ms to make again.
MOST_RULESETS = 64

#: Its pool of sessions is set up only by sessions that have been used.
WARMED = 16

MISSING = "durable-rules is not installed (it needs Python before 3.13)"
ELSEWHERE = "durable-rules is not safe in a sub-interpreter"

#: What an assertion says: a rule may fire, or none cares for the fact.
_MATCHED, _UNMATCHED = 0, 1
_SENTINEL = "~"
#: What durable-rules means something by, besides all that begins with `$`.
_RESERVED = ("id", "sid", "$s", "all", "any", "count", "cap", "dist", "pri", "name")


class DurableError(IncentivesError):
    """Durable-rules failed, or answered what it never may; nothing is awarded."""


class Library(Protocol):
    """The functions of the C module that are used, and its exception."""

    @property
    def error(self) -> type[Exception]: ...

    def create_ruleset(self, name: str, definition: str, /) -> int: ...

    def delete_ruleset(self, handle: int, /) -> None: ...

    def assert_fact(self, handle: int, fact: str, /) -> tuple[int, int]: ...

    def start_action_for_state(
        self, handle: int, state: int, /
    ) -> tuple[str, str] | None: ...

    def complete_and_start_action(self, handle: int, state: int, /) -> str | None: ...

    def delete_state(self, handle: int, session: str, /) -> None: ...


@define
class _Process:
    """The one lock of the process: all rulesets share one table of the C module."""

    # Whoever comes back in the same thread, from a signal or a finalizer, finds no
    # ruleset that is in use: they are taken out of the table while they are.
    lock: RLock = field(factory=RLock)

    def renew(self) -> None:
        """In a fork the thread that held the lock is not there to give it back."""
        self.lock = RLock()


_PROCESS = _Process()
# Where nothing forks, as on Windows, a plain `dict` takes the argument and is gone.
getattr(os, "register_at_fork", dict)(after_in_child=_PROCESS.renew)

#: Sessions and rulesets of a process, numbered; no number comes twice.
_NUMBERS = count()


def available() -> bool:
    """Whether durable-rules can be used here."""
    return not why_not()


def why_not() -> str:
    """Why durable-rules is not used here; empty where it is."""
    found = _library()
    return found if isinstance(found, str) else ""


@cache
def shared() -> "DurableRails | None":
    """The rails of this process; None where durable-rules cannot be used."""
    found = _library()
    return None if isinstance(found, str) else DurableRails(found)


@cache
def _library() -> Library | str:
    """The C module, or why there is none."""
    if _in_sub_interpreter():
        return ELSEWHERE
    try:
        return cast("Library", import_module("durable_rules_engine"))
    except ImportError:
        return MISSING


def _in_sub_interpreter() -> bool:
    """Whether several interpreters may share the tables of the C module."""
    try:
        interpreters = import_module("_xxsubinterpreters")
    except ImportError:
        return False  # a Python for which there is no durable-rules either
    return bool(interpreters.get_current() != interpreters.get_main())


class DurableRails:
    """
    Verdicts that durable-rules infers, for conditions of any size.

    At most `most` rulesets are kept; those used least recently make room.
    """

    def __init__(self, library: Library | None = None, most: int = MOST_RULESETS):
        self._library = library or _installed()
        self._most = most
        #: Handles by what they decide, the one used last at the end.
        self._rulesets: dict[Formula, int] = {}
        # Not at exit: the process takes its memory along.
        finalize(self, _delete, self._library, self._rulesets).atexit = False

    def verdict(self, conditions: Iterable[Condition], pattern: Pattern) -> Verdict:
        """What all of these conditions come to, given their propositions."""
        return self.decided(outline(conditions).formula, pattern)

    def decided(self, formula: Formula, pattern: Pattern) -> Verdict:
        """What a formula comes to, given its propositions."""
        known = list(pattern)
        for step in steps(formula, len(pattern), MOST):
            facts = fact([known[number] for number in step.numbers])
            known.append(_verdict(self._fired(step.formula, facts)))
        return known[-1]

    def _fired(self, formula: Formula, facts: dict[str, int]) -> set[str]:
        """The rules of the ruleset of a formula that fire for a fact."""
        with _PROCESS.lock:
            try:
                # Taken out while it is in use: whatever interrupts this, a ruleset
                # with a session left in it is never used or deleted.
                handle = self._rulesets.pop(formula, None)
                if handle is None:
                    handle = _made(self._library, ruleset(formula))
                fired = _run(self._library, handle, facts)
            except (self._library.error, MemoryError) as failed:
                raise DurableError(f"durable-rules failed: {failed}") from failed
            self._rulesets[formula] = handle
            while len(self._rulesets) > self._most:
                oldest = next(iter(self._rulesets))
                self._library.delete_ruleset(self._rulesets.pop(oldest))
            return fired


def _installed() -> Library:
    found = _library()
    if isinstance(found, str):
        raise DurableError(found)
    return found


def _delete(library: Library, rulesets: dict[Formula, int]) -> None:
    with _PROCESS.lock:
        while rulesets:
            library.delete_ruleset(rulesets.popitem()[1])


def _verdict(fired: set[str]) -> Verdict:
    """Which rail fired; the sentinel shows that any could have."""
    match sorted(fired):
        case ["met", "~"]:
            return Verdict.MET
        case ["unmet", "~"]:
            return Verdict.UNMET
        case ["~"]:
            return Verdict.UNKNOWN
        case wrong:
            raise DurableError(f"durable-rules fired {', '.join(wrong) or 'nothing'}")


# What durable-rules reads


def ruleset(formula: Formula) -> str:
    """A rule for each rail, and the sentinel, which keeps every session in use."""
    both = rails(formula)
    patterns = {"met": both.met, "unmet": both.unmet}
    refuse_collisions({*_RESERVED, *patterns, _SENTINEL, "p", "s", *_leaves(patterns)})
    rules: dict[str, object] = {
        name: {"$and": [{"p": 1}, _matched(rail)]} for name, rail in patterns.items()
    }
    rules[_SENTINEL] = {"s": 1}
    return json.dumps({name: {"all": [{"m": rule}]} for name, rule in rules.items()})


def fact(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """What is known, as properties of one fact; what is unknown has none."""
    known = [
        _name(Wanted(number, verdict))
        for number, verdict in enumerate(verdicts)
        if verdict is not Verdict.UNKNOWN
    ]
    return {"p": 1, **dict.fromkeys(known, 1)}


def _name(wanted: Wanted) -> str:
    return f"{'m' if wanted.verdict is Verdict.MET else 'u'}{wanted.number}"


def _matched(rail: Rail) -> object:
    """A rail as a pattern; `p` is 1 in every fact that rails are matched with."""
    match rail:
        case Wanted():
            return {_name(rail): 1}
        case Together(parts):
            return {"$and": [_matched(part) for part in parts]} if parts else {"p": 1}
        case Either(parts):
            return {"$or": [_matched(part) for part in parts]} if parts else {"p": 0}
        case _:
            assert_never(rail)


def _leaves(patterns: dict[str, Rail]) -> Iterator[str]:
    waiting = list(patterns.values())
    while waiting:
        rail = waiting.pop()
        if isinstance(rail, Wanted):
            yield _name(rail)
        else:
            waiting.extend(rail.parts)


def refuse_collisions(names: Iterable[str]) -> None:
    """Durable-rules tells names apart by a hash of 32 bits only."""
    hashed: dict[int, str] = {}
    for name in sorted(names):
        other = hashed.setdefault(_fnv1a(name), name)
        if other != name:
            raise DurableError(f"durable-rules cannot tell {other!r} from {name!r}")


def _fnv1a(name: str) -> int:
    hashed = 0x811C9DC5
    for byte in name.encode("ascii"):
        hashed = (hashed ^ byte) * 0x01000193 & 0xFFFFFFFF
    return hashed


# Sessions; the lock is held


def _made(library: Library, definition: str) -> int:
    """A ruleset that is ready: sessions of a new one are not initialised."""
    handle = library.create_ruleset(f"r{next(_NUMBERS)}", definition)
    sessions = [str(next(_NUMBERS)) for _ in range(WARMED)]
    states = [_asserted(library, handle, session) for session in sessions]
    for session, state in zip(sessions, states, strict=True):
        _drained(library, handle, state)
        library.delete_state(handle, session)
    return handle


def _run(library: Library, handle: int, facts: dict[str, int]) -> set[str]:
    """The rules that fire for a fact in a session of its own."""
    session = str(next(_NUMBERS))
    state = _asserted(library, handle, session)
    try:
        said, _ = library.assert_fact(
            handle, json.dumps({"id": "1", "sid": session, **facts})
        )
        if said not in {_MATCHED, _UNMATCHED}:
            raise DurableError(f"durable-rules refused a fact: {said}")
        return _drained(library, handle, state)
    finally:
        library.delete_state(handle, session)


def _asserted(library: Library, handle: int, session: str) -> int:
    """The state of a new session: the sentinel is its first fact."""
    said, state = library.assert_fact(
        handle, json.dumps({"id": "0", "sid": session, "s": 1})
    )
    if said != _MATCHED:
        raise DurableError(f"durable-rules refused the sentinel: {said}")
    return state


def _drained(library: Library, handle: int, state: int) -> set[str]:
    """The names of all rules that fire in a session, one match after the other."""
    fired: set[str] = set()
    started = library.start_action_for_state(handle, state)
    message = started and started[1]
    while message:
        fired.update(json.loads(message))
        message = library.complete_and_start_action(handle, state)
    return fired
