"""Strict JSON: what is read, what is refused, and where the mistake stands."""

import gc
import itertools
import json
import weakref

from decimal import Decimal

import pytest

from hypothesis import given
from hypothesis import strategies as st

from incentives.errors import Mistake, RecordError
from incentives.record_files import (
    MAX_DIGITS,
    MAX_NESTING,
    Document,
    Entry,
    UnreadableError,
    entries,
    entries_by_line,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
RECORDS = st.dictionaries(TEXTS, VALUES, max_size=4)


def refused(data):
    """What is said of a document that is refused."""
    with pytest.raises(UnreadableError) as caught:
        entries(data if isinstance(data, bytes) else data.encode(), "firm.json")
    return str(caught.value)


def raws(data):
    return [entry.raw for entry in entries(data.encode(), "firm.json")]


def test_a_document_is_a_record_or_a_list_of_records():
    """One record stands alone; of a list, every element is one."""
    assert raws('{"id": "a"}') == [{"id": "a"}]
    assert raws('[{"id": "a"}, {"id": "b"}]') == [{"id": "a"}, {"id": "b"}]
    assert raws("[]") == []


def test_decimals_stay_exact():
    """No float comes out of a file."""
    (raw,) = raws('{"a": 0.1, "b": 1e2, "c": 7}')
    assert raw == {"a": Decimal("0.1"), "b": Decimal("1E+2"), "c": 7}
    assert [type(value) for value in raw.values()] == [Decimal, Decimal, int]


def test_a_byte_order_mark_is_no_content():
    """Editors on Windows write one; only the first line may begin with it."""
    (entry,) = entries(b'\xef\xbb\xbf{"id": 1}', "firm.json")
    assert entry.mistakes(RecordError([Mistake("id", "no")])) == (
        "firm.json:1:2: id: no",
    )
    first, second = entries_by_line(
        [b"\xef\xbb\xbf{}\n", b"\xef\xbb\xbf{}\n"], "f.jsonl"
    )
    assert first.raw == {}
    assert str(second) == "f.jsonl:2:1: not JSON: expecting value"


@given(st.lists(RECORDS, max_size=3), st.sampled_from([None, 1]))
def test_what_json_writes_is_read_back(records, indent):
    """Strictness refuses no honest document."""
    text = json.dumps(records, indent=indent, ensure_ascii=False)
    assert raws(text) == records


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: nothing but blanks, expected a record"),
        (" \n ", "2:2: nothing but blanks, expected a record"),
        ("\n 3", "2:2: expected a record or a list of records, got a number"),
        ('"a"', "1:1: expected a record or a list of records, got a text"),
        ("null", "1:1: expected a record or a list of records, got null"),
        ("true", "1:1: expected a record or a list of records, got true"),
        ("false", "1:1: expected a record or a list of records, got false"),
        ('{"a" 1}', "1:6: not JSON: expecting ':' delimiter"),
        ('{"a"：1}', "1:5: not JSON: expecting ':' delimiter, write a half-width ':'"),
        ('{"a": True}', "1:7: not JSON: expecting value, write true"),
        ("{}\n{}", "2:1: not JSON: extra data, did you mean JSON Lines (.jsonl, or --jsonl)?"),
        ('{"a": "b\n"}', "1:9: not JSON: invalid control character"),
        ('{"a": "b}', "1:7: not JSON: unterminated string"),
        ("{'a': 1}", ("1:2: not JSON: expecting property name enclosed in double quotes, "
         'write texts in double quotes: "…"')),
        ('{"a": 1, "b": {"a": 2,\n "a": 3}}', "2:2: duplicate name 'a', keep one of them"),
        ('{"\\u001b": 1, "\\u001b": 2}', "1:15: duplicate name '\\x1b', keep one of them"),
        ('{"a": [1, NaN]}', "1:11: NaN is no number, write null if it is unknown"),
        ('{"a": -Infinity}', "1:7: -Infinity is no number, write null if it is unknown"),
        ('{"a": "NaN", "b": 1e10000}', "1:19: a number out of range"),
        ('{"a": {"b": {"c": 1}, "b": 2}}', "1:23: duplicate name 'b', keep one of them"),
        (f'{{"a": {"9" * (MAX_DIGITS + 1)}}}', "1:7: a number out of range"),
        ("[" * (MAX_NESTING + 1), f"1:{MAX_NESTING + 1}: nested deeper than {MAX_NESTING}"),
    ],
)  # fmt: skip
def test_what_is_no_clear_json_is_refused_at_its_place(text, message):
    """File, line and column in characters, what is wrong and what to write."""
    assert refused(text) == f"firm.json:{message}"


def test_every_element_that_is_no_record_is_named():
    """One mistake does not hide the next."""
    assert refused('[{},\n 3, {"a": [1]},\n [null]]').splitlines() == [
        "firm.json:2:2: expected a record, got a number",
        "firm.json:3:2: expected a record, got a list",
    ]


def test_text_that_is_not_utf8_is_refused_at_its_place():
    """GBK, the usual stranger, is told from UTF-8; nothing is replaced silently."""
    data = '{"id": "1",\n "name": "甲'.encode() + "乙".encode("gbk")
    assert refused(data) == (
        "firm.json:2:12: byte 0xd2 is not UTF-8, save the file as UTF-8"
    )


def test_many_brackets_are_no_deep_nesting():
    """Only depth is bounded: brackets in texts and side by side do not count."""
    text = json.dumps({"a": [[] for _ in range(200)], "b": "[" * 200, "c": '\\"[' * 99})
    assert raws(text) == [json.loads(text)]


def test_numbers_of_many_digits_are_read_up_to_the_limit():
    """The limit itself is inside."""
    assert raws(f'{{"a": {"9" * MAX_DIGITS}}}') == [{"a": int("9" * MAX_DIGITS)}]


RECORD = """[
 {"id": "1"},
 {"id": "甲", "listings": [{"list": "x"},
   {"pubished": "2025-08-28", "tags": [1, 2]}], "a b": 1}
]"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("id", "3:3"),
        ("listings", "3:14"),
        ("listings[0].list", "3:28"),
        ("listings[1]", "4:4"),
        ("listings[1].pubished", "4:5"),
        ("listings[1].tags[1]", "4:43"),
        ("listings[1].year", "4:4"),
        ("list", "3:2"),
        ("record", "3:2"),
        ("a b", "4:49"),
    ],
)
def test_a_mistake_is_placed_where_its_path_leads(path, place):
    """A field stands where its name is; what is missing, where it would be."""
    _, entry = entries(RECORD.encode(), "firms.json")
    assert entry.mistakes(RecordError([Mistake(path, "wrong", "write x")])) == (
        f"firms.json:{place}: {path}: wrong, write x",
    )


def test_every_mistake_of_a_record_is_placed():
    """One line for each, and nothing that a terminal would obey."""
    entry = Entry({}, Document("firms.jsonl", '{"a\\u0007": 1}', 7))
    error = RecordError([Mistake("id", "missing"), Mistake("a\a", "unknown field")])
    assert entry.mistakes(error) == (
        "firms.jsonl:7:1: id: missing",
        "firms.jsonl:7:2: a\\x07: unknown field",
    )


@given(
    st.dictionaries(st.text("ab甲", min_size=1), VALUES, max_size=4),
    st.sampled_from([None, 1]),
)
def test_every_name_of_a_record_is_found(record, indent):
    """Whatever names a record has, a mistake in one points at its quotation mark."""
    text = json.dumps(record, indent=indent, ensure_ascii=False)
    (entry,) = entries(text.encode(), "f")
    lines = text.split("\n")
    for name in record:
        (said,) = entry.mistakes(RecordError([Mistake(name, "wrong")]))
        _, line, column = said.split(": ")[0].split(":")
        rest = lines[int(line) - 1][int(column) - 1 :]
        assert rest.startswith(f'"{name}":')


def test_a_file_by_line_skips_blanks_and_goes_on_after_mistakes():
    """A bad line costs that line only; lines are counted as an editor does."""
    lines = [b'{"id": "a"}\r\n', b"\n", b"[]\n", b"{\n", b"\xff\n", b'{"id": "b"}']
    found = list(entries_by_line(lines, "firms.jsonl"))
    assert [f.raw if isinstance(f, Entry) else str(f) for f in found] == [
        {"id": "a"},
        "firms.jsonl:3:1: expected a record, got a list",
        "firms.jsonl:4:2: not JSON: expecting property name enclosed in double quotes",
        "firms.jsonl:5:1: byte 0xff is not UTF-8, save the file as UTF-8",
        {"id": "b"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{\n  "id": "a"\n}\n',
        '\n[\n{"id": "a"},\n{"id": "b"}]',
        '[{\n  "id": "a"}]',
        '{"id": "a",\n "city": "b"}',
    ],
)
def test_a_document_read_by_line_is_refused_once(text):
    """One message says that the whole file is something else."""
    (said,) = entries_by_line(text.encode().splitlines(keepends=True), "firm.json")
    line = 2 if text.startswith("\n") else 1
    assert str(said) == (
        f"firm.json:{line}:1: one JSON document over several lines, not one record a "
        "line, leave out --jsonl and name the file .json"
    )


def test_a_first_line_that_breaks_off_costs_that_line_only():
    """What follows begins a record of its own, or nothing follows."""
    broken, good = entries_by_line([b'{"id": "a",\n', b'{"id": "b"}\n'], "f.jsonl")
    error = "f.jsonl:1:12: not JSON: expecting property name enclosed in double quotes"
    assert str(broken) == error
    assert good.raw == {"id": "b"}
    (alone,) = entries_by_line([b'{"id": "a",'], "f.jsonl")
    assert str(alone) == error
    assert list(entries_by_line([b"\n"], "f.jsonl")) == []


def test_an_endless_file_is_read_line_by_line():
    """No line is read before it is asked for."""
    taken = []

    def endless():
        for number in itertools.count(1):
            taken.append(number)
            yield b'{"id": "%d"}\n' % number

    first = list(itertools.islice(entries_by_line(endless(), "f.jsonl"), 3))
    assert [entry.raw["id"] for entry in first] == ["1", "2", "3"]
    assert taken == [1, 2, 3]


def test_only_one_record_is_held():
    """A record is forgotten when the next one is asked for: memory stays constant."""
    stream = entries_by_line((b'{"id": "%d"}\n' % n for n in range(8)), "f.jsonl")
    held = weakref.WeakSet()
    for entry in stream:
        held.add(entry)
        del entry
        gc.collect()
        assert len(held) <= 1
