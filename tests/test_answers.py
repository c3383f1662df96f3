"""Answers in the order of the files: whole documents first checked, lines as they come."""

import io
import itertools
import sys

from types import SimpleNamespace

import pytest

from incentives.commands.answers import Source, answers
from incentives.errors import Mistake, RecordError
from incentives.record_files import UnreadableError


def said(entry):
    """The id of a record; one without is a mistake."""
    if "id" not in entry.raw:
        raise RecordError([Mistake("id", "missing"), Mistake("x", "unknown field")])
    return entry.raw["id"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def standard_input(monkeypatch, lines):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=lines))


def shown(found):
    return [answer if isinstance(answer, str) else str(answer) for answer in found]


def test_answers_come_in_the_order_of_the_files(folder, monkeypatch):
    """Documents, lines and standard input may be mixed, and a file given twice."""
    (folder / "a.json").write_text('[{"id": "1"}, {"id": "2"}]')
    (folder / "b.jsonl").write_text('{"id": "3"}\n{}\n[]\n{"id": "4"}\n')
    standard_input(monkeypatch, io.BytesIO(b'{"id": "5"}'))
    a, b = Source("a.json"), Source("b.jsonl", by_line=True)
    assert shown(answers([a, b, Source("-"), a], said)) == [
        "1",
        "2",
        "3",
        "b.jsonl:2:1: id: missing\nb.jsonl:2:1: x: unknown field",
        "b.jsonl:3:1: expected a record, got a list",
        "4",
        "5",
        "1",
        "2",
    ]


def test_nothing_is_answered_if_a_document_is_wrong(folder):
    """Every mistake of every document is said, and of files that are not there."""
    (folder / "a.json").write_text('[{"id": "1"}, {},\n {}]')
    (folder / "b.json").write_text("{")
    (folder / "c.jsonl").write_text('{"id": "3"}')
    sources = [
        Source("a.json"),
        Source("c.jsonl", by_line=True),
        Source("b.json"),
        Source("d.jsonl", by_line=True),
        Source("."),
    ]
    with pytest.raises(UnreadableError) as caught:
        answers(sources, said)
    assert str(caught.value).splitlines() == [
        "a.json:1:15: id: missing",
        "a.json:1:15: x: unknown field",
        "a.json:2:2: id: missing",
        "a.json:2:2: x: unknown field",
        "b.json:1:2: not JSON: expecting property name enclosed in double quotes",
        "d.jsonl: cannot be read: No such file or directory",
        ".: cannot be read: Is a directory",
    ]


def test_lines_are_answered_while_they_come(monkeypatch):
    """An endless standard input has its first answers at once."""
    taken = []

    def endless():
        for number in itertools.count(1):
            taken.append(number)
            yield b'{"id": "%d"}\n' % number

    standard_input(monkeypatch, endless())
    found = answers([Source("-", by_line=True)], said)
    assert list(itertools.islice(found, 2)) == ["1", "2"]
    assert taken == [1, 2]


def test_a_file_that_vanishes_is_reported_in_its_turn(folder):
    """What came before it is answered all the same."""
    (folder / "a.json").write_text('{"id": "1"}')
    (folder / "b.jsonl").write_text('{"id": "2"}')
    found = answers([Source("a.json"), Source("b.jsonl", by_line=True)], said)
    (folder / "b.jsonl").unlink()
    assert shown(found) == ["1", "b.jsonl: cannot be read: No such file or directory"]


def test_standard_input_may_be_closed(monkeypatch):
    """A program may be started without one."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableError, match="<stdin>: cannot be read: it is closed"):
        answers([Source("-")], said)


def test_standard_input_stays_open(monkeypatch):
    """It is not ours to close."""
    stream = io.BytesIO(b'{"id": "1"}')
    standard_input(monkeypatch, stream)
    assert list(answers([Source("-")], said)) == ["1"]
    assert not stream.closed
