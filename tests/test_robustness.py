"""Threads, forks, processes, event loops and signals: one and the same answer."""

import asyncio
import json
import multiprocessing
import os
import signal
import subprocess
import sys

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import product
from types import FrameType
from typing import Any

import pytest

import incentives

from incentives.engines.compiled import CompiledEngine
from incentives.engines.durable import _PROCESS
from incentives.engines.engine import Engine
from incentives.engines.reference import ReferenceEngine
from incentives.engines.witness import Witness
from incentives.evaluation import ENGINES, evaluate_by
from tests.support.canglang import FIRM

DAY = "2026-06-01"
THREADS = 8
#: Nobody waits that long but for ever.
FOR_EVER = 60

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")


def records() -> Iterator[dict[str, Any]]:
    """Firms with one platform each, from those that get it all to those unknown."""
    every = product(
        ("泉州市", "厦门市", None),
        ("enterprise", "park-or-base", None),
        (True, False, None),
        ("2026-03-01", None),
    )
    for city, kind, operated, day in every:
        platform = {
            "id": "p1",
            "stage": "中试熟化",
            "chain": "运动鞋",
            "market_operated": operated,
            "recognised": day,
            "recognised_by": "泉州市科技局",
            "equipment_cost": "3000000.03",
            "software_cost": 0,
            "fiscal_funding": "1000000",
        }
        firm = {"id": FIRM, "city": city, "kind": kind, "recognitions": []}
        yield {**firm, "platforms": [platform]}


FIRMS = list(records())


def fresh() -> CompiledEngine:
    """An engine that has not seen any pattern yet."""
    return CompiledEngine(ReferenceEngine(), Witness().confirm)


def answer(record: dict[str, Any], engine: Engine) -> str:
    """What an engine says of a record, in one line."""
    asked = {"as_of": DAY, "rules": None, "readings": None}
    found = evaluate_by(engine, record, **asked)  # type: ignore[arg-type]  # as named
    each = [(d.outcome.value, str(d.amount), d.missing) for d in found]
    return json.dumps([str(found.total), *map(str, found.bounds), each])


def answered(record: dict[str, Any]) -> str:
    """What `evaluate` says of a record, by the engine that it chooses."""
    return answer(record, ENGINES["compiled"])


@pytest.fixture(scope="module")
def expected() -> list[str]:
    """What the reference says of all records."""
    return [answer(record, ENGINES["reference"]) for record in FIRMS]


class TestThreads:
    """Threads share engines and rule books."""

    def test_all_at_once(self, expected: list[str]) -> None:
        """Threads that meet every pattern at the same time give the same answers."""
        engine = fresh()
        with ThreadPoolExecutor(THREADS) as threads:
            every = [
                threads.map(lambda record: answer(record, engine), FIRMS)
                for _ in range(3)
            ]
            assert [list(found) for found in every] == [expected] * 3

    def test_no_lock_while_amounts_are_computed(self) -> None:
        """Compiled rules run, and amounts are computed, without the lock held."""
        held: list[bool] = []

        def watch(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith("<incentives "):
                held.append(_PROCESS.lock._is_owned())  # type: ignore[attr-defined]  # noqa: SLF001  # as `Condition` asks

        engine = fresh()
        sys.setprofile(watch)
        try:
            for record in FIRMS:
                answer(record, engine)
        finally:
            sys.setprofile(None)
        assert held
        assert not any(held)

    def test_event_loop(self, expected: list[str]) -> None:
        """Tasks of an event loop, in it or in its threads, get the same answers."""

        async def ask() -> tuple[list[str], list[str]]:
            elsewhere = (asyncio.to_thread(answered, record) for record in FIRMS)
            return await asyncio.gather(*elsewhere), [answered(r) for r in FIRMS]

        assert asyncio.run(ask()) == (expected, expected)


def all_answered() -> list[str]:
    """What a process says of all records."""
    return [answered(record) for record in FIRMS]


class TestProcesses:
    """Processes that are forked, or begin anew."""

    @forks
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
    def test_prefork(self, expected: list[str]) -> None:
        """Workers forked from a process that has evaluated give the same answers."""
        assert answered(FIRMS[0]) == expected[0]
        ends = [forked(all_answered) for _ in range(2)]
        assert [collected(*end) for end in ends] == [expected, expected]

    @pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
    def test_pool(self, method: str, expected: list[str]) -> None:
        """A pool of processes gives the same answers, however they are started."""
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(1, context) as pool:
            assert pool.submit(all_answered).result(FOR_EVER) == expected


def forked(work: Callable[[], list[str]]) -> tuple[int, int]:
    """A child that works and writes down what comes of it: its number and the pipe."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  # in the child, which is not measured
        status = 1
        try:
            with os.fdopen(write, "w", encoding="utf-8") as pipe:
                json.dump(work(), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    return child, read


def collected(child: int, pipe: int) -> object:
    """What a child has written, once it is done."""
    with os.fdopen(pipe, encoding="utf-8") as said:
        found = json.load(said)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return found


class Interrupted(Exception):  # noqa: N818  # like KeyboardInterrupt
    """A signal came."""


def interrupted() -> tuple[int, list[str]]:
    """How often signals broke off evaluations, and what an engine says after that."""

    working = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if working:
            raise Interrupted

    incentives.evaluate(FIRMS[0], as_of=DAY)  # Python itself does not mend an import
    engine, broken_off = fresh(), 0
    signal.signal(signal.SIGALRM, interrupt)
    for turn in range(40):
        try:
            working = True
            signal.setitimer(signal.ITIMER_REAL, 0.0005 * (turn + 1))
            for record in FIRMS:
                answer(record, engine)
            working = False
        except Interrupted:
            broken_off += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return broken_off, [answer(record, engine) for record in FIRMS]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such signals here")
def test_signals(expected: list[str]) -> None:
    """An evaluation that a signal breaks off leaves everything as good as before."""
    # In a process of its own: who measures coverage is broken off as well.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        broken_off, found = pool.submit(interrupted).result(FOR_EVER)
    assert broken_off
    assert found == expected


class Late(str):
    """A text in the midst of which a handler breaks off."""

    __slots__ = ()

    def strip(self, *_: Any) -> str:
        """No text: what the handler of a timeout raises."""
        raise TimeoutError


def test_timeouts_come_through() -> None:
    """What the handler of a signal raises while a record is read is no mistake in it."""
    with pytest.raises(TimeoutError):
        incentives.evaluate({"id": FIRM, "city": Late("泉州市")}, as_of=DAY)


#: Runs a program in a sub-interpreter, by whatever name this Python has it.
INNER = """
import sys
# One that shares the lock of Python, as web servers have them: in others even hashlib
# corrupts the memory of Python 3.12.
try:
    import _interpreters as inner
    number = inner.create("legacy")
except ImportError:
    import _xxsubinterpreters as inner
    number = inner.create(isolated=False)
run = getattr(inner, "run_string", None) or inner.exec
failed = run(number, sys.argv[1])
assert failed is None, failed.formatted
inner.destroy(number)
"""
ASKED = """
import json, sys
sys.path[:0] = {path!r}
import incentives
found = incentives.evaluate(json.loads({record!r}), as_of={day!r})
print(found.total, incentives.engines()["durable"], flush=True)
"""


def test_sub_interpreters() -> None:
    """In a sub-interpreter durable-rules is refused, and the answer is the same."""
    record = json.dumps(FIRMS[0])
    program = ASKED.format(path=sys.path, record=record, day=DAY)
    said = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", INNER, program],
        capture_output=True,
        check=False,
        text=True,
        timeout=FOR_EVER,
    )
    assert said.returncode == 0, said.stderr
    total, _, durable = said.stdout.strip().partition(" ")
    assert total == str(incentives.evaluate(FIRMS[0], as_of=DAY).total)
    assert durable.startswith("inactive: durable-rules is not ")
