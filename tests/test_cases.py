"""Worked cases: how the facts and the expectations of a case are read."""

from datetime import date

from incentives.book import Case
from incentives.facts import core_vocabulary
from incentives.language.cases import cases_of
from incentives.language.nodes import Problems, parse_yaml

VOCABULARY = core_vocabulary()


def read(text: str, subject: str = "enterprise") -> tuple[list[Case], list[str]]:
    node = parse_yaml(text, "r.yaml", Problems())
    assert node is not None
    problems = Problems()
    found = list(cases_of(node, "bonus", VOCABULARY[subject], subject, problems))
    return found, [problem.message for problem in problems.found]


def test_a_whole_case() -> None:
    """A case keeps its name, place, day, readings, facts and expectations."""
    (case,), said = read("""
cases:
  - name: 甲
    as of: 2026-06-01
    readings: {one-time: once}
    given: {city: 泉州市}
    expect:
      outcome: undetermined
      low: 0元
      high: 500万元
      reason: fact-missing
      missing: listings
      otherwise: {one-time=per-list-year: 5元, stacking=highest-only: ineligible}
""")
    assert said == []
    assert (case.name, case.rule, str(case.place)) == ("甲", "bonus", "r.yaml:3:11")
    assert case.as_of == date(2026, 6, 1)
    assert case.readings == {"one-time": "once"}
    assert case.given == {"id": "用例", "city": "泉州市"}
    assert case.expected == {
        "outcome": "undetermined",
        "low": "0元",
        "high": "500万元",
        "reason": "fact-missing",
        "missing": "listings",
        "otherwise": {
            "one-time=per-list-year": "5元",
            "stacking=highest-only": "ineligible",
        },
    }


def test_short_expectations() -> None:
    """A single text is an outcome or an amount; a case may leave out the readings."""
    cases, said = read("""
cases:
  - {name: 甲, as of: 2026-06-01, given: {}, expect: eligible}
  - {name: 乙, as of: 2026-06-02, given: {}, expect: 300万元}
""")
    assert said == []
    assert [case.expected for case in cases] == [
        {"outcome": "eligible"},
        {"amount": "300万元"},
    ]
    assert [(case.as_of, case.readings) for case in cases] == [
        (date(2026, 6, 1), {}),
        (date(2026, 6, 2), {}),
    ]


def test_facts_become_what_json_would_hold() -> None:
    """Each text is read by its type; what is left empty is unknown."""
    (case,), said = read("""
cases:
  - name: 甲
    as of: 2026-06-01
    expect: eligible
    given:
      id: x
      county: null
      name: 未知
      listings: [{year: 2025, published: false, list: A}, {published: 2025-08-28}]
      recognitions: [{first: 是}, {first: false}, {first: maybe}]
      platforms: null
""")
    assert said == []
    assert case.given == {
        "id": "x",
        "county": None,
        "name": None,
        "listings": [
            {"year": 2025, "published": False, "list": "A"},
            {"published": "2025-08-28"},
        ],
        "recognitions": [{"first": True}, {"first": False}, {"first": "maybe"}],
        "platforms": None,
    }


def test_facts_of_another_form_are_kept_for_the_record_to_refuse() -> None:
    """What is no list, no record or no fact is handed on as it is written."""
    (case,), said = read("""
cases:
  - name: 甲
    as of: 2026-06-01
    expect: eligible
    given: {listings: {year: [1]}, platforms: [a], city: [{b: c}], other: 1}
""")
    assert said == []
    assert case.given == {
        "id": "用例",
        "listings": {"year": ["1"]},
        "platforms": ["a"],
        "city": [{"b": "c"}],
        "other": "1",
    }


def test_a_county_is_a_county() -> None:
    """A case of a county rule need not say that its record is a county."""
    text = "cases: [{name: 甲, as of: 2026-06-01, given: {}, expect: eligible}]"
    (case,), said = read(text, "county")
    assert said == []
    assert case.given == {"id": "用例", "kind": "county"}


def test_no_cases() -> None:
    """A rule may have none."""
    assert read("rule: bonus") == ([], [])


def test_mistakes_of_form() -> None:
    """What a case lacks, or has in another form, is told."""
    assert read("""
cases:
  - {name: 甲, as of: 2026-06-01, given: 1, expect: [1]}
  - {name: 乙, as of: 2026-06-01, given: {}, expect: [1], readings: {a: [b]}}
  - {as of: 2026-06-01, given: {}, expect: 1元}
  - {name: 丙, given: {}, expect: 1元}
""")[1] == [
        "'given' needs named keys",
        "'expect' needs named keys",
        "'a' needs one value",
        "a case needs the key 'name'",
        "a case needs the key 'as of'",
    ]
