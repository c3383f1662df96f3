"""Whatever is given as a record is answered, or refused with its mistakes; no more."""

import json

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from incentives import (
    Assessment,
    Award,
    County,
    Enterprise,
    Honour,
    Listing,
    Platform,
    Recognition,
    Record,
    RecordError,
)
from tests.property.strategies import COMPLETE, FIRM, Path

DAY = "2026-06-01"


def names() -> list[str]:
    """Every name that a field of the bundled pack has, English or Chinese."""
    found: set[str] = set()
    for subject in incentives.bundled().vocabulary.subjects.values():
        found |= {*subject.facts, *subject.records}
        found |= {declared.label for declared in subject.facts.values()}
        for records in subject.records.values():
            found |= {*records.fields}
    return sorted(found)


def words() -> list[str]:
    """Every value that an enumeration of the bundled pack understands."""
    subjects = incentives.bundled().vocabulary.subjects.values()
    facts = [declared for subject in subjects for declared in subject.facts.values()]
    return sorted({word for declared in facts for word in declared.names()})


#: Any character there is, halves of surrogate pairs and controls as well.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
HOSTILE = st.sampled_from(
    [
        *(
            "",
            " ",
            "\ud800",
            "\udfff泉州",
            "\x00",
            "\x1b[2J",
            "\u202e",
            "\ufeff",
            "泉\n州",
        ),
        *("A" * 100_000, "泉" * 1_001, "9" * 5_000, "9" * 5_000 + "万元", "[" * 5_000),
        *("nan", "-inf", "1e999999999", "1_000", "0x10", "٣", "１２３", "-1万元", "²"),
        *("1/0", "0/0", "10%%", "1e5%", "万元", "500万", "1.234元", "+5", "-0", "--5"),
        *("2026-02-30", "2026-13-01", "0000-01-01", "9999-12-31", "２０２６-01-01"),
        *("20260601", "2026-W01-1", "2026-06-01T00:00:00", "true", "false", "null"),
        *("private-top-500", "no-such-rule", "county", "县域", "countyy", FIRM),
    ]
)
HUGE = st.sampled_from([10**30, -(10**30), 10**4_000, -(10**4_000), 2**63, -1, 0])
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    HUGE,
    FLOATS,
    TEXTS,
    HOSTILE,
    st.deferred(lambda: st.sampled_from(words())),
)
NAMES = st.deferred(lambda: st.sampled_from(names()))
KEYS = st.one_of(NAMES, NAMES, NAMES, TEXTS, HOSTILE)
#: As JSON has it, and a little worse: `NaN`, halves of characters, any depth.
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=20,
)
MAPPINGS = st.dictionaries(KEYS, JSON, max_size=8)


class Odd:
    """Something that no fact is."""


#: What only Python can give.
PYTHON = st.one_of(
    JSON,
    st.binary(max_size=5),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.fractions(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.complex_numbers(),
    st.sets(st.integers(), max_size=3),
    st.tuples(TEXTS, st.integers()),
    st.builds(Odd),
    st.sampled_from(
        [
            *(Odd, len, ..., NotImplemented, range(3), date.max, date.min),
            *(
                Decimal("sNaN"),
                Decimal("-sNaN9"),
                Decimal("1E+999999"),
                Decimal("1E-99"),
            ),
            *(
                datetime(2026, 6, 1, tzinfo=UTC),
                timedelta.max,
                UTC,
                Fraction(1, 10**400),
            ),
            *(
                Listing(list="某榜单"),
                Enterprise(id=FIRM),
                County(id="晋江市"),
                Honour(),
            ),
        ]
    ),
)


def nested(depth: int) -> list[Any]:
    """Lists in lists, deeper than Python prints."""
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


def endless() -> dict[str, Any]:
    """A record that holds itself."""
    found: dict[str, Any] = {"id": FIRM}
    found["listings"] = [found]
    found["name"] = found
    return found


#: Python refuses to print it, and so does hypothesis.
HUGEST = 10**5_000

#: Not printed by anybody who tells of a failure.
WORST: dict[str, Callable[[], object]] = {
    "nothing": dict,
    "a deep value": lambda: {"id": FIRM, "name": nested(100_000)},
    "a deep list": lambda: {"id": FIRM, "listings": nested(100_000)},
    "a deep name": lambda: {"id": FIRM, "no such fact": nested(100_000)},
    "only deep": lambda: nested(100_000),
    "itself": endless,
    "half a character": lambda: {"id": "\ud800"},
    "a huge id": lambda: {"id": HUGEST, "\ud800" * 200: None},
    "a huge year": lambda: {"id": FIRM, "listings": [{"year": HUGEST}]},
    "a huge amount": lambda: {"id": FIRM, "platforms": [{"equipment_cost": HUGEST}]},
    "a huge debt": lambda: {"id": FIRM, "platforms": [{"software_cost": -HUGEST}]},
    "a huge day": lambda: {"id": FIRM, "listings": [{"published": HUGEST}]},
    "a huge yes": lambda: {"id": FIRM, "technology_sme": HUGEST},
    "a huge kind": lambda: {"id": FIRM, "kind": HUGEST},
    "a huge award": lambda: {"id": FIRM, "awards": [{"rule": HUGEST}]},
    "a huge name": lambda: {"id": FIRM, HUGEST: 1},
    "a huge object": lambda: {"id": FIRM, "name": Fraction(1, HUGEST)},
    "many names": lambda: {"id": FIRM, **{f"listing{n}": n for n in range(3_000)}},
    "many records": lambda: {"id": FIRM, "listings": [{}] * 10_001},
}


def answered(record: Any, **asked: Any) -> Assessment | RecordError:
    """What comes of a record: an answer, or the mistakes in it; all else is raised."""
    try:
        found = incentives.evaluate(record, as_of=DAY, **asked)
    except RecordError as error:
        return error
    assert isinstance(found, Assessment)
    return found


def readable(found: Assessment | RecordError) -> bytes:
    """What came of a record, as it is sent on."""
    if isinstance(found, RecordError):
        assert found.mistakes
        return str(found).encode()
    found.show("en").encode()
    return json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False).encode()


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of everything in a record, records and lists as well."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for step, each in inner:
        yield (*path, step)
        yield from places(each, (*path, step))


def replaced(value: Any, path: Path, by: object) -> Any:
    """The same with something else at a path."""
    if not path:
        return by
    step, *rest = path
    changed = value.copy()
    changed[step] = replaced(value[step], tuple(rest), by)
    return changed


@st.composite
def spoilt(draw: st.DrawFn, garbage: st.SearchStrategy[Any]) -> dict[str, Any]:
    """A record that somebody might send, with one value that nobody would."""
    record = draw(COMPLETE)
    path = draw(st.sampled_from(list(places(record))))
    found: dict[str, Any] = replaced(record, path, draw(garbage))
    return found


@st.composite
def misnamed(draw: st.DrawFn) -> dict[Any, Any]:
    """A record with a field that it does not have, perhaps not even by a text."""
    record = draw(COMPLETE)
    name = draw(st.one_of(KEYS, st.integers(), st.none(), st.tuples(TEXTS), FLOATS))
    return {**record, name: draw(JSON)}


class TestRecords:
    """Mappings: an answer that can be sent on, or mistakes that can."""

    @settings(max_examples=300)
    @given(MAPPINGS)
    def test_any_mapping(self, record: dict[str, Any]) -> None:
        """A mapping of anything is answered, or refused with its mistakes."""
        assert readable(answered(record))

    @settings(max_examples=300)
    @given(MAPPINGS)
    def test_any_mapping_with_an_id(self, record: dict[str, Any]) -> None:
        """A mapping of anything, and an id, is answered, or refused."""
        assert readable(answered({**record, "id": FIRM}))

    @pytest.mark.parametrize("make", WORST.values(), ids=WORST)
    def test_the_worst(self, make: Callable[[], object]) -> None:
        """What goes deeper than Python prints, or round in circles, is refused."""
        found = answered(make())
        assert isinstance(found, RecordError)
        assert readable(found)

    @settings(max_examples=400)
    @given(spoilt(JSON))
    def test_one_value_of_a_record(self, record: dict[str, Any]) -> None:
        """A record with anything in one place is answered, or refused."""
        assert readable(answered(record))

    @settings(max_examples=300)
    @given(spoilt(PYTHON))
    def test_one_object_in_a_record(self, record: dict[str, Any]) -> None:
        """A record with any object of Python in one place is answered, or refused."""
        assert readable(answered(record))

    @given(misnamed())
    def test_one_more_name(self, record: dict[Any, Any]) -> None:
        """A record with a further field of any name is answered, or refused."""
        assert readable(answered(record))

    @given(PYTHON)
    def test_no_mapping_at_all(self, record: object) -> None:
        """Whatever is given in place of a record is answered, or refused."""
        assert readable(answered(record))

    @given(spoilt(PYTHON))
    def test_reading_is_as_strict(self, record: dict[str, Any]) -> None:
        """`from_dict` reads what `evaluate` answers, and refuses what it refuses."""
        found = answered(record)
        form = County if record.get("kind") == "county" else Enterprise
        read = attempted(lambda: form.from_dict(record, rules=incentives.bundled()))
        assert isinstance(read, form) == isinstance(found, Assessment)


def attempted(make: Callable[[], Record]) -> Record | RecordError | TypeError:
    """A record, or why there is none; anything else that is raised is wrong."""
    try:
        return make()
    except (RecordError, TypeError) as error:
        return error


FORMS: list[type[Record]] = [
    *(Enterprise, County, Listing, Recognition, Platform, Honour, Award),
]


@st.composite
def built(draw: st.DrawFn) -> tuple[type[Record], dict[str, Any]]:
    """A class of records, and anything for some of its arguments."""
    form = draw(st.sampled_from(FORMS))
    arguments = st.sampled_from([each.name for each in attrs.fields(form)])
    given_to = draw(st.dictionaries(arguments, PYTHON, max_size=4))
    if issubclass(form, Enterprise | County):
        given_to = {"id": FIRM, **given_to}
    return form, given_to


class TestObjects:
    """Records built by hand: refused at once, or read like any other."""

    @settings(max_examples=400)
    @given(built())
    def test_any_arguments(self, made: tuple[type[Record], dict[str, Any]]) -> None:
        """A record of anything is a record that can be sent on, or is refused."""
        form, arguments = made
        found = attempted(lambda: form(**arguments))
        said = found.to_dict() if isinstance(found, Record) else str(found)
        assert json.dumps(said, ensure_ascii=False, allow_nan=False).encode()

    @settings(max_examples=300)
    @given(st.dictionaries(KEYS, PYTHON, max_size=4))
    def test_any_further_facts(self, facts: dict[str, Any]) -> None:
        """A firm with any further facts is answered, or refused."""
        firm = attempted(lambda: Enterprise(id=FIRM, facts=facts))
        assert readable(answered(firm))  # an error is no record either

    @pytest.mark.parametrize("form", FORMS)
    def test_unknown_argument(self, form: type[Record]) -> None:
        """An argument that a record does not have is a mistake of the program."""
        with pytest.raises(TypeError, match="unexpected keyword argument 'listing'"):
            form(listing=[], **({"id": FIRM} if form in {Enterprise, County} else {}))
