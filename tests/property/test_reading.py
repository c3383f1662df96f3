"""Well-formed records are read in one pass, to the same as strict reading reads them."""

from pathlib import Path
from typing import Any

import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from incentives import County, Enterprise, RuleBook
from incentives.facts import Entry, Record
from incentives.quick_reading import quickly
from incentives.strict_reading import strictly
from tests.property.strategies import COMPLETE, partly_known
from tests.property.test_fuzz_records import JSON, MAPPINGS, NAMES, PYTHON, SCALARS

LINJIANG = Path(__file__).parents[2] / "examples/packs/linjiang-2026"

#: What records are spoilt by, one value at a time.
SPOILS = st.tuples(st.integers(0, 200), st.one_of(SCALARS, JSON, PYTHON))


def form_of(record: Any) -> type[Any]:
    return County if record.get("kind") in ("county", "县域") else Enterprise


def agree(record: Any, book: RuleBook) -> bool:
    """Whether a record was read quickly, and then to the same as strictly."""
    form = form_of(record)
    quick = quickly(record, form, book.vocabulary)
    if quick is None:
        return False
    strict, mistakes = strictly(record, form, book.vocabulary)
    assert (quick, mistakes) == (strict, [])
    assert repr(quick) == repr(strict)
    assert quick.to_dict() == strict.to_dict()
    assert alike(quick, strict)
    return True


def alike(one: Record, other: Record) -> bool:
    """Whether two records hold values of the same types, down to their records."""
    for name in type(one).__slots__:
        if name == "__weakref__":
            continue
        values = (getattr(one, name), getattr(other, name))
        assert type(values[0]) is type(values[1])
        if isinstance(values[0], tuple):
            for pair in zip(*values, strict=True):
                if isinstance(pair[0], Record):
                    assert alike(*pair)
                else:
                    assert pair[0] == pair[1]
    return True


class TestQuickReading:
    """One meaning of a record, whichever way it is read."""

    @given(COMPLETE)
    def test_well_formed(self, record: dict[str, Any]) -> None:
        """A record in which nothing is odd is read quickly, to the same."""
        assert agree(record, incentives.bundled())

    @given(partly_known())
    def test_partly_known(self, known: tuple[dict[str, Any], ...]) -> None:
        """Null and what is left out are unknown in both."""
        for record in known:
            assert agree(record, incentives.bundled())

    @settings(max_examples=300)
    @given(COMPLETE, SPOILS)
    def test_spoilt(self, record: dict[str, Any], spoil: tuple[int, Any]) -> None:
        """A record of which any one value is odd is read to the same, if at all."""
        at, value = spoil
        places = list(places_of(record))
        holder, key = places[at % len(places)]
        holder[key] = value
        agree(record, incentives.bundled())

    @settings(max_examples=200)
    @given(MAPPINGS)
    def test_anything(self, record: dict[str, Any]) -> None:
        """So is whatever else is given as a record."""
        agree(record, incentives.bundled())

    @given(st.dictionaries(NAMES, st.none(), max_size=6))
    def test_nothing_known(self, record: dict[str, Any]) -> None:
        """A list that is empty by silence is so where null is given, too."""
        record["id"] = "91350582MA31ABCD0M"
        record.pop("kind", None)
        agree(record, incentives.bundled())

    def test_a_pack_with_facts_of_its_own(self) -> None:
        """Yearly figures, units and plain lists are read to the same."""
        book = incentives.load(LINJIANG)
        read = [agree(dict(case.given), book) for case in book.cases]
        assert sum(read) > len(read) // 2

    @pytest.mark.parametrize(
        "record",
        [
            None,
            [],
            {},
            {"id": None},
            {"id": " "},
            {"id": "x", "nmae": "y"},
            {"id": "x", "county": ""},
            {"id": "x", "county": "晋江市 "},
            {"id": "x", "county": "晋" * 1_001},
            {"id": "x", "kind": "county"},
            {"id": "x", "kind": 5},
            {"id": "x", "technology_sme": 1},
            {"id": "x", "listings": {}},
            {"id": "x", "listings": ["中国民营企业500强"]},
            {"id": "x", "listings": [{"year": "2025"}]},
            {"id": "x", "listings": [{"published": "2025-02-30"}]},
            {"id": "x", "platforms": [{"equipment_cost": "-1"}]},
            {"id": "x", "platforms": [{"equipment_cost": "1,23元"}]},
            {"id": "x", "platforms": [{"equipment_cost": 1.5}]},
            {"id": "x", "platforms": [{"id": "a"}, {"id": "a"}]},
            {"id": "x", "platforms": [{}] * 10_001},
        ],
    )
    def test_what_is_odd_is_left_to_strict_reading(self, record: Any) -> None:
        """It gives up where anything is not plainly what it should be."""
        assert quickly(record, Enterprise, incentives.bundled().vocabulary) is None

    def test_only_subjects(self) -> None:
        """What is no enterprise and no county it leaves alone."""
        assert quickly({"value": 1}, Entry, incentives.bundled().vocabulary) is None


def places_of(value: Any) -> Any:
    """Every place in a record that holds something."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places_of(inner)
