"""durable-rules as a second opinion: what it says, what it costs, and when it errs."""

import gc
import json
import subprocess
import sys
import threading

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from attrs import evolve

from incentives import ReasonCode, Rule, ir
from incentives.engines import durable
from incentives.engines.durable import (
    MOST,
    WARMED,
    DurableError,
    DurableRails,
    Library,
    available,
    refuse_collisions,
    shared,
    why_not,
)
from incentives.engines.rails import Pattern, decided, outline, steps
from incentives.engines.witness import Witness, engines
from incentives.errors import EngineDisagreement, IncentivesError
from incentives.ir import Comparison, Kind
from incentives.policy import Clause, Requirement, Window
from incentives.standards import NonCash
from incentives.verdict import Verdict

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN

SME = ir.Holds(ir.Fact("technology_sme", Kind.BOOLEAN))
IN_CITY = ir.Compare(
    Comparison.EQ, ir.Fact("city", Kind.TEXT), ir.Constant("泉州市", Kind.TEXT)
)
#: Three propositions under every connective.
MIXED: tuple[ir.Condition, ...] = (ir.Any((SME, ir.Not(IN_CITY))), SME)

real = pytest.mark.skipif(not available(), reason="durable-rules is not installed")


class Refused(Exception):  # noqa: N818  # like `error` of the C module
    """What the stand-in raises where the C module would crash or answer wrongly."""


class StandIn:
    """
    durable-rules in plain Python, for rulesets and orders of calls that are safe.

    ``say`` is what it answers to facts beside the sentinel, ``fire`` what fires then
    instead of the rules that match.
    """

    error = Refused

    def __init__(self) -> None:
        self.rulesets: dict[int, dict[str, Any]] = {}
        self.live: dict[tuple[int, str], list[str]] = {}
        self.seen: set[tuple[int, str]] = set()
        self.made = 0
        self.say: int | None = None
        self.sentinel = 0
        self.fire: list[str] | None = None
        self.fails = ""

    def create_ruleset(self, name: str, definition: str, /) -> int:
        self.made += 1
        self.rulesets[self.made] = json.loads(definition)
        return self.made

    def delete_ruleset(self, handle: int, /) -> None:
        if any(at == handle for at, _ in self.live):
            raise Refused("a session is live")
        del self.rulesets[handle]

    def assert_fact(self, handle: int, fact: str, /) -> tuple[int, int]:
        if self.fails == "assert" and '"p"' in fact:
            raise Refused("error code: 303")
        known = json.loads(fact)
        key = (handle, known["sid"])
        if known.get("s"):
            if key in self.seen:
                raise Refused("a session is used again")
            self.seen.add(key)
            self.live[key] = []
        rules = {
            name: rule["all"][0]["m"] for name, rule in self.rulesets[handle].items()
        }
        fired = [name for name, rule in rules.items() if _matches(rule, known)]
        if known.get("s"):
            self.live[key] += fired
            return self.sentinel, int(known["sid"])
        self.live[key] += fired if self.fire is None else self.fire
        return (not fired) if self.say is None else self.say, int(known["sid"])

    def start_action_for_state(
        self, handle: int, state: int, /
    ) -> tuple[str, str] | None:
        message = self._next(handle, state)
        return None if message is None else ("{}", message)

    def complete_and_start_action(self, handle: int, state: int, /) -> str | None:
        return self._next(handle, state)

    def _next(self, handle: int, state: int) -> str | None:
        waiting = self.live[handle, str(state)]
        return json.dumps({waiting.pop(): {"m": {}}}) if waiting else None

    def delete_state(self, handle: int, session: str, /) -> None:
        del self.live[handle, session]


def _matches(pattern: dict[str, Any], known: dict[str, Any]) -> bool:
    ((name, wanted),) = pattern.items()
    if name == "$and":
        return all(_matches(part, known) for part in wanted)
    if name == "$or":
        return any(_matches(part, known) for part in wanted)
    return bool(known.get(name) == wanted)


@pytest.fixture(params=[pytest.param("durable-rules", marks=real), "stand-in"])
def library(request: pytest.FixtureRequest) -> Library:
    """The C module, and a stand-in that does the same where it is not installed."""
    if request.param == "stand-in":
        return StandIn()
    found = durable._library()  # noqa: SLF001  # the module itself
    assert not isinstance(found, str)
    return found


@pytest.fixture
def fresh() -> Iterator[None]:
    """Whether durable-rules is there is asked anew, before and after."""
    durable._library.cache_clear()  # noqa: SLF001  # nothing else needs it anew
    shared.cache_clear()
    yield
    durable._library.cache_clear()  # noqa: SLF001  # likewise
    shared.cache_clear()


def rule(*conditions: ir.Condition) -> Rule:
    return Rule(
        id="pilot",
        title="（虚构）",
        clause=Clause("一", "（虚构）"),
        subject="enterprise",
        requirements=tuple(
            Requirement(ReasonCode.CONDITION_UNMET, each) for each in conditions
        ),
        award=NonCash("（虚构）"),
        window=Window(None, *[date(2026, 6, 1)] * 3),
    )


def patterns(count: int) -> list[Pattern]:
    return list(product(Verdict, repeat=count))


class TestVerdicts:
    """What is inferred from propositions that are decided."""

    def test_every_pattern(self, library: Library) -> None:
        """Every pattern of a formula with every connective comes to the right thing."""
        rails = DurableRails(library)
        formula = outline(MIXED).formula
        for pattern in patterns(3):
            assert rails.verdict(MIXED, pattern) is decided(formula, pattern)

    def test_no_propositions(self, library: Library) -> None:
        """All of nothing is met, any of nothing is unmet, wherever they stand."""
        rails = DurableRails(library)
        nothing, never = ir.All(()), ir.Any(())
        assert rails.verdict((), ()) is MET
        assert rails.verdict((nothing,), ()) is MET
        assert rails.verdict((never,), ()) is UNMET
        assert rails.verdict((ir.Any((never, ir.Not(never))),), ()) is MET
        assert rails.verdict((SME, never), (UNKNOWN,)) is UNMET

    @pytest.mark.parametrize("connective", [ir.All, ir.Any])
    @pytest.mark.parametrize("count", [22, 23, 48, 49, 200, 1000])
    def test_many_propositions(
        self, library: Library, connective: Any, count: int
    ) -> None:
        """A condition of any width is decided, by its last part too."""
        rails = DurableRails(library)
        condition = connective((SME,) * count)
        usual, other = (MET, UNMET) if connective is ir.All else (UNMET, MET)
        for last in (usual, other, UNKNOWN):
            pattern = (*[usual] * (count - 1), last)
            assert rails.verdict((condition,), pattern) is last

    def test_many_ways(self, library: Library) -> None:
        """A condition that can be met in a million ways is decided."""
        rails = DurableRails(library)
        condition = ir.All((ir.Any((SME, SME)),) * 20)
        assert rails.verdict((condition,), (MET,) * 40) is MET
        assert rails.verdict((condition,), (MET,) * 38 + (UNMET,) * 2) is UNMET

    def test_many_levels(self, library: Library) -> None:
        """A condition of many levels is decided by its innermost part."""
        rails = DurableRails(library)
        condition: ir.Condition = SME
        for _ in range(40):
            condition = ir.Not(ir.All((ir.Any((condition, SME)), SME)))
        innermost = (UNMET, *(UNMET, MET) * 40)
        assert len(steps(outline([condition]).formula, 81, MOST)) > 4
        for first in Verdict:
            pattern = (first, *innermost[1:])
            wanted = decided(outline([condition]).formula, pattern)
            assert rails.verdict((condition,), pattern) is wanted

    def test_threads_agree(self, library: Library) -> None:
        """Eight threads that share rails, and their rulesets, all get it right."""
        rails = DurableRails(library, most=2)
        wrong: list[object] = []

        def run(shift: int) -> None:
            for turn in range(60):
                count = 1 + (turn + shift) % 4
                conditions = (ir.Any((SME,) * count),)
                pattern = patterns(count)[(turn * 7) % 3**count]
                found = rails.verdict(conditions, pattern)
                wanted = decided(outline(conditions).formula, pattern)
                wrong.extend([] if found is wanted else [(conditions, pattern)])

        threads = [threading.Thread(target=run, args=(each,)) for each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


FORKED = """
import os, sys, threading
from incentives import ir
from incentives.engines import durable
from incentives.verdict import Verdict

sme = ir.Holds(ir.Fact("technology_sme", ir.Kind.BOOLEAN))
rails = durable.DurableRails()
assert rails.verdict((sme,), (Verdict.MET,)) is Verdict.MET

held, done = threading.Event(), threading.Event()
def hold():
    with durable._PROCESS.lock:
        held.set()
        done.wait()
holder = threading.Thread(target=hold)
holder.start()
held.wait()
child = os.fork()
if not child:
    found = [rails.verdict((ir.Any((sme,) * n),), (Verdict.UNMET,) * n) for n in (1, 2)]
    os._exit(0 if found == [Verdict.UNMET] * 2 else 1)
_, status = os.waitpid(child, 0)
done.set()
holder.join()
assert rails.verdict((sme,), (Verdict.UNKNOWN,)) is Verdict.UNKNOWN
sys.exit(os.waitstatus_to_exitcode(status))
"""


@real
def test_fork_while_another_thread_asks() -> None:
    """A child that was forked while the lock was held answers, and so does its parent."""
    # From 3.12 on Python warns of what is tried here.
    command = [sys.executable, "-W", "ignore:::__main__", "-c", FORKED]
    done = subprocess.run(  # noqa: S603  # our own script
        command, timeout=60, check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_lock_of_a_thread_that_is_gone() -> None:
    """A fork has a lock of its own, whoever held that of its parent."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with durable._PROCESS.lock:  # noqa: SLF001  # what a fork finds held
            held.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    durable._PROCESS.renew()  # noqa: SLF001  # what a fork does
    assert DurableRails(StandIn()).verdict((SME,), (MET,)) is MET
    done.set()
    holder.join()


class TestRulesets:
    """What is kept of rulesets, and what is not."""

    def test_one_shape_is_one_ruleset(self) -> None:
        """Conditions of one shape share a ruleset, whatever they are about."""
        stand_in = StandIn()
        rails = DurableRails(stand_in)
        for condition in (SME, IN_CITY, ir.Not(ir.Not(SME))):
            rails.verdict((condition, IN_CITY), (MET, UNKNOWN))
        shapes = {json.dumps(each) for each in stand_in.rulesets.values()}
        assert len(shapes) == 1

    def test_least_recently_used_goes_first(self) -> None:
        """The ruleset that waited longest for its next use makes room."""
        stand_in = StandIn()
        rails = DurableRails(stand_in, most=2)
        for count in (1, 2, 1, 3):
            rails.verdict((SME,) * count, (MET,) * count)
        assert set(stand_in.rulesets) == {1, 3}
        rails.verdict((SME,) * 2, (MET,) * 2)
        assert set(stand_in.rulesets) == {3, 4}

    def test_rails_that_are_gone_leave_nothing(self) -> None:
        """Rulesets are deleted with the rails that made them, all sessions before."""
        stand_in = StandIn()
        rails = DurableRails(stand_in)
        rails.verdict((SME,), (MET,))
        assert len(stand_in.seen) == WARMED + 1
        assert (len(stand_in.rulesets), stand_in.live) == (1, {})
        del rails
        gc.collect()
        assert stand_in.rulesets == {}

    @real
    @pytest.mark.skipif(
        not Path("/proc/self/statm").exists(), reason="no resident set to look at"
    )
    def test_memory_is_flat(self) -> None:
        """Many thousand evaluations, and many rulesets made anew, take no memory."""
        rails = DurableRails(most=4)

        def work(turns: int) -> None:
            for turn in range(turns):
                count = 8 if turn % 50 else 1 + turn // 50 % 8
                verdicts = [list(Verdict)[(turn // 3**n) % 3] for n in range(count)]
                rails.verdict((SME,) * count, tuple(verdicts))

        work(2_000)
        before = _resident()
        work(20_000)
        assert _resident() - before < 4_000_000


def _resident() -> int:
    """Bytes that the process holds in memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4_096


class TestRefusals:
    """What durable-rules may never answer is an error, and nothing comes of it."""

    @pytest.mark.parametrize(
        ("fired", "words"),
        [
            (["met", "unmet"], "durable-rules fired met, unmet, ~"),
            (["other"], "durable-rules fired other, ~"),
        ],
    )
    def test_wrong_rules_fire(self, fired: list[str], words: str) -> None:
        """Both rails at once, or a rule that is not there, are refused."""
        stand_in = StandIn()
        stand_in.fire = fired
        with pytest.raises(DurableError, match=words):
            DurableRails(stand_in).verdict((SME,), (MET,))

    def test_silence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A sentinel that does not fire shows that nothing would."""
        monkeypatch.setattr(StandIn, "_next", lambda *_: None)
        with pytest.raises(DurableError, match="durable-rules fired nothing"):
            DurableRails(StandIn()).verdict((SME,), (MET,))

    @pytest.mark.parametrize(
        ("attribute", "words"),
        [("say", "refused a fact: 2"), ("sentinel", "refused the sentinel: 2")],
    )
    def test_refused_facts(self, attribute: str, words: str) -> None:
        """A fact that is taken for one that was seen before is an error."""
        stand_in = StandIn()
        setattr(stand_in, attribute, 2)
        with pytest.raises(DurableError, match=words):
            DurableRails(stand_in).verdict((SME,), (MET,))

    def test_failures(self) -> None:
        """What the C module raises is ours; its session is gone, its ruleset unused."""
        stand_in = StandIn()
        rails = DurableRails(stand_in)
        stand_in.fails = "assert"
        with pytest.raises(IncentivesError, match="failed: error code: 303"):
            rails.verdict((SME,), (MET,))
        stand_in.fails = ""
        assert stand_in.live == {}
        assert rails.verdict((SME,), (MET,)) is MET
        assert stand_in.made == 2

    def test_colliding_names(self) -> None:
        """Names that the C module cannot tell apart are refused."""
        with pytest.raises(DurableError, match="cannot tell 'costarring' from 'liquid"):
            refuse_collisions(["p", "liquid", "costarring"])

    def test_names_that_do_not_collide(self) -> None:
        """All names of the largest ruleset there can be are told apart."""
        rails = DurableRails(StandIn())
        assert rails.verdict((SME,) * MOST.leaves, (MET,) * MOST.leaves) is MET


@pytest.mark.usefixtures("fresh")
class TestAvailability:
    """Where durable-rules cannot be used, everything says so and goes on without it."""

    def test_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without durable-rules there are no rails, and a reason."""
        monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
        reason = "durable-rules is not installed (it needs Python before 3.13)"
        assert (available(), why_not(), shared()) == (False, reason, None)
        assert engines()["durable"] == f"inactive: {reason}"
        with pytest.raises(DurableError, match="is not installed"):
            DurableRails()

    def test_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With durable-rules there is one pair of rails for the process."""
        module = ModuleType("durable_rules_engine")
        vars(module)["error"] = Refused
        monkeypatch.setitem(sys.modules, "durable_rules_engine", module)
        assert (available(), why_not()) == (True, "")
        assert isinstance(DurableRails(), DurableRails)
        assert shared() is shared() is not None
        assert dict(engines()) == dict.fromkeys(
            ["compiled", "reference", "durable"], "active"
        )

    def test_sub_interpreter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a sub-interpreter the C module is not even loaded."""
        inner = SimpleNamespace(get_current=lambda: 1, get_main=lambda: 0)
        monkeypatch.setitem(sys.modules, "_xxsubinterpreters", inner)
        assert why_not() == "durable-rules is not safe in a sub-interpreter"

    def test_no_sub_interpreters(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Python that does not tell is taken for one without sub-interpreters."""
        monkeypatch.setitem(sys.modules, "_xxsubinterpreters", None)
        monkeypatch.setitem(sys.modules, "durable_rules_engine", ModuleType("d"))
        assert available()


class Counting(DurableRails):
    """Counts how often it is asked, and lies about what `lie` says."""

    def __init__(self, lie: Verdict | None = None) -> None:
        super().__init__(StandIn())
        self.asked: Counter[Pattern] = Counter()
        self.lie = lie

    def verdict(self, conditions: Any, pattern: Pattern) -> Verdict:
        self.asked[pattern] += 1
        return self.lie or super().verdict(conditions, pattern)


class TestWitness:
    """Each distinct pattern of a rule is decided by every engine, once."""

    def test_agreement_is_remembered(self) -> None:
        """A pattern that all agree on is asked about once for each rule."""
        counting = Counting()
        witness = Witness(lambda: counting)
        rules = [rule(*MIXED), rule(*MIXED)]
        formula = outline(MIXED).formula
        for asked in rules * 2:
            for pattern in patterns(3):
                witness.confirm(asked, pattern, decided(formula, pattern))
        assert set(counting.asked.values()) == {2}

    def test_a_lie_of_durable_rules(self) -> None:
        """Where durable-rules differs nothing is confirmed, and all of it is told."""
        witness = Witness(lambda: Counting(UNMET))
        with pytest.raises(EngineDisagreement) as refused:
            witness.confirm(rule(SME, IN_CITY), (MET, MET), MET)
        assert str(refused.value) == (
            "engines disagree on 'pilot': compiled: met, reference: met, durable: unmet\n"
            "  met: technology_sme: yes\n"
            '  met: city = "泉州市"'
        )

    @pytest.mark.parametrize("rails", [None, Counting()])
    def test_a_lie_of_the_caller(self, rails: DurableRails | None) -> None:
        """What the caller found is refused too, even where another was agreed on."""
        witness = Witness(lambda: rails)
        asked = rule(SME)
        witness.confirm(asked, (UNKNOWN,), UNKNOWN)
        with pytest.raises(EngineDisagreement, match="compiled: met, reference: unk"):
            witness.confirm(asked, (UNKNOWN,), MET)

    def test_wrong_number_of_propositions(self) -> None:
        """A pattern that is not of this rule is a mistake of the caller."""
        with pytest.raises(ValueError, match="'pilot' has 1 propositions, not 2"):
            Witness(lambda: None).confirm(rule(SME), (MET, MET), MET)

    def test_patterns_are_bounded(self) -> None:
        """When enough of one rule is remembered, remembering starts anew."""
        counting = Counting()
        witness = Witness(lambda: counting, most_patterns=2)
        asked = rule(SME)
        for verdict in (MET, UNMET, UNKNOWN, UNKNOWN, MET):
            witness.confirm(asked, (verdict,), verdict)
        assert counting.asked == {(MET,): 2, (UNMET,): 1, (UNKNOWN,): 1}

    def test_rules_are_bounded(self) -> None:
        """When enough of all rules is remembered, remembering starts anew."""
        counting = Counting()
        witness = Witness(lambda: counting, most_remembered=3)
        kept = [rule(SME) for _ in range(3)]
        for asked in (*kept, kept[0], kept[2]):
            witness.confirm(asked, (MET,), MET)
        assert counting.asked == {(MET,): 4}

    def test_rules_that_are_gone(self) -> None:
        """What is remembered of a rule goes with it, and never is another's."""
        witness = Witness(lambda: None)
        for number in range(50):
            made = evolve(rule(SME), id=f"r{number}")
            witness.confirm(made, (MET,), MET)
            del made
        gc.collect()
        assert witness.remembered == 0

    def test_threads_share_a_witness(self) -> None:
        """Eight threads that share a witness confirm what is right and nothing else."""
        witness = Witness(most_patterns=20, most_remembered=50)
        rules = [rule(*MIXED) for _ in range(5)]
        formula = outline(MIXED).formula
        refused: list[object] = []

        def run(shift: int) -> None:
            for turn in range(300):
                pattern = patterns(3)[(turn * 5 + shift) % 27]
                right = decided(formula, pattern)
                said = right if turn % 10 else UNKNOWN
                try:
                    witness.confirm(rules[turn % 5], pattern, said)
                except EngineDisagreement:
                    refused.extend([] if said is not right else [pattern])
                else:
                    refused.extend([] if said is right else [pattern])

        threads = [threading.Thread(target=run, args=(each,)) for each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == []
