"""From mappings to subjects: strict, every mistake at once, nothing guessed."""

import json

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypothesis import given
from hypothesis import strategies as st

import incentives

from incentives.dates import NEVER, SHANGHAI
from incentives.facts import (
    Award,
    County,
    Enterprise,
    Listing,
    Platform,
    Recognition,
    Record,
)
from incentives.record_checks import MAX_RECORDS

# An invented firm; the code has a valid check digit (GB 32100-2015).
FIRM = "91350582MA31ABCD0M"
EXCELLENCE = "全省县域重点产业链高质量发展优秀奖"

DATA = Path(__file__).parent / "data"
BAD_RECORDS = json.loads((DATA / "bad_records.json").read_text("utf-8"))

ELSEWHERE = "an award under another policy names it: policy: …"

COUNTY = ("county", "县域")


def mistakes(record: object, form: type[Any] = Enterprise) -> list[str]:
    """The mistakes for which a record is refused, one text each."""
    with pytest.raises(incentives.RecordError) as caught:
        form.from_dict(record, rules=incentives.bundled())
    return [str(mistake) for mistake in caught.value.mistakes]


class TestBadRecords:
    """Whatever is wrong with a record is said, each with its path."""

    @pytest.mark.parametrize("bad", BAD_RECORDS, ids=lambda bad: str(bad["name"]))
    def test_every_mistake_is_told_in_order(self, bad):
        """A wrong record is refused with exactly these mistakes, one a line."""
        with pytest.raises(incentives.RecordError) as caught:
            incentives.evaluate(bad["record"], as_of="2026-01-15")

        assert str(caught.value).splitlines() == bad["errors"]

    @pytest.mark.parametrize(
        "bad",
        [b for b in BAD_RECORDS if isinstance(b["record"], dict)],
        ids=lambda bad: str(bad["name"]),
    )
    def test_from_dict_refuses_what_evaluate_refuses(self, bad):
        """A record that cannot be evaluated cannot be made either."""
        kind = bad["record"].get("kind")
        is_county = kind in (*COUNTY, "conty") if isinstance(kind, str) else False
        form = County if is_county else Enterprise

        assert mistakes(bad["record"], form) == bad["errors"]

    @pytest.mark.parametrize(
        ("cost", "message"),
        [
            (10**5000, "the number is beyond 100000000亿元, either sign"),
            (Decimal("NaN"), "Decimal('NaN') is not finite"),
            (Decimal("sNaN"), "Decimal('sNaN') is not finite"),
            (Decimal("Infinity"), "Decimal('Infinity') is not finite"),
            (Decimal("1E+999999"), "the number is beyond 100000000亿元, either sign"),
            (float("nan"), "nan is a float, which is not exact"),
            (b"800", "an amount cannot be of type bytes"),
        ],
        ids=["huge", "NaN", "sNaN", "infinite", "exponent", "float", "bytes"],
    )
    def test_values_that_json_cannot_hold(self, cost, message):
        """An amount from Python is as strict as one from JSON."""
        (told,) = mistakes({"id": FIRM, "platforms": [{"equipment_cost": cost}]})

        assert told.startswith(f"platforms[0].equipment_cost: {message}")

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("name", 10**5000, "name: expected text, got a huge integer"),
            (
                "name",
                [10**5000],
                "name: expected text, got a list that cannot be printed",
            ),
            ("name", b"x", "name: expected text, got b'x'"),
            ("name", "\ud800", "name: text with invisible characters: '\\ud800'"),
            ("name", "字" * 1001, "name: text longer than 1000 characters"),
            ("kind", "字" * 100_000, "kind: text longer than 1000 characters"),
            ("technology_sme", 1.0, "technology_sme: expected true or false, got 1.0"),
        ],
        ids=["integer", "list", "bytes", "surrogate", "text", "kind", "float"],
    )
    def test_a_message_stays_short(self, field, value, message):
        """Whatever is given, the message can be printed."""
        assert mistakes({"id": FIRM, field: value}) == [message]

    @pytest.mark.parametrize(
        ("day", "message"),
        [
            (
                NEVER,
                "'9999-12-31' is outside 1900-01-01..2199-12-31; check the year",
            ),
            (
                datetime(2025, 8, 28, tzinfo=SHANGHAI),
                (
                    "'2025-08-28T00:00:00+08:00' has a time of day; "
                    "write the day it falls on in Shanghai, as YYYY-MM-DD"
                ),
            ),
        ],
        ids=["last day", "moment"],
    )
    def test_days_that_are_none(self, day, message):
        """The last day of the calendar is a placeholder, a moment no day."""
        record = {"id": FIRM, "listings": [{"published": day}]}

        assert mistakes(record) == [f"listings[0].published: {message}"]

    @pytest.mark.parametrize(
        ("name", "shown"),
        [(1, "1"), (None, "None"), ((1,), "(1,)"), (10**5000, "a huge integer")],
        ids=["number", "null", "tuple", "huge"],
    )
    def test_field_names_are_text(self, name, shown):
        """A field that is not named by a text is told of, and not as a field."""
        listing = {"id": FIRM, "listings": [{name: 1}]}

        assert mistakes({"id": FIRM, name: 1}) == [
            f"record: field names are text, got {shown}"
        ]
        assert mistakes(listing) == [f"listings[0]: field names are text, got {shown}"]

    def test_an_endless_field_name_is_cut(self):
        """A name as long as a book is shown by its beginning."""
        assert mistakes({"id": FIRM, "z" * 10**6: 1}) == [
            f"'{'z' * 76}...: unknown field"
        ]

    def test_an_endless_rule_name_is_cut(self):
        """A rule id as long as a book is shown by its beginning."""
        record = {"id": FIRM, "awards": [{"rule": "z" * 1000}]}

        assert mistakes(record) == [
            f"awards[0].rule: unknown rule '{'z' * 76}..., {ELSEWHERE}"
        ]

    def test_too_many_records(self):
        """A list of more than ten thousand records is a mistake."""
        most: list[dict[str, Any]] = [{}] * MAX_RECORDS

        assert mistakes({"id": FIRM, "listings": [*most, {}]}) == [
            "listings: more than 10000 records"
        ]

    def test_a_record_inside_itself(self):
        """A record that holds itself is refused, not followed for ever."""
        loop: dict[str, Any] = {"id": FIRM}
        loop["listings"] = [loop]

        assert mistakes(loop) == [
            "listings[0].id: unknown field",
            "listings[0].listings: unknown field, did you mean 'list'?",
        ]

    @pytest.mark.parametrize("record", [None, [], "x", 5, Listing()], ids=repr)
    def test_no_mapping_at_all(self, record):
        """Only a mapping is read as a record."""
        kind = type(record).__name__

        assert mistakes(record) == [f"record: expected a mapping of facts, got {kind}"]


class TestKinds:
    """A record of a county is no enterprise, nor the other way round."""

    @pytest.mark.parametrize("kind", COUNTY)
    def test_a_county_as_an_enterprise(self, kind):
        """Reading a county as an enterprise says how to read it."""
        record = {"id": "晋江市", "kind": kind, "honours": [], "listings": 5}

        assert mistakes(record) == [
            "kind: a county is no enterprise, read it with County.from_dict"
        ]

    @pytest.mark.parametrize("kind", ["enterprise", "县域企业", "高校院所"])
    def test_an_enterprise_as_a_county(self, kind):
        """Reading an enterprise as a county says how to read it."""
        assert mistakes({"id": FIRM, "kind": kind}, County) == [
            "kind: an enterprise is no county, read it with Enterprise.from_dict"
        ]

    def test_fields_of_a_county_without_its_kind(self):
        """Fields that only counties have tell which kind was forgotten."""
        record = {"id": "晋江市", "honours": [], "industrial_revenue": "3000亿元"}

        assert mistakes(record) == [
            "honours: unknown field, it belongs to a county: kind: county",
            "industrial_revenue: unknown field, it belongs to a county: kind: county",
        ]

    def test_without_a_kind(self):
        """Who says no kind is read as an enterprise whose kind is unknown."""
        assert Enterprise.from_dict({"id": FIRM}).kind is None
        assert County.from_dict({"id": "晋江市"}).kind == "county"

    @pytest.mark.parametrize("kind", [*COUNTY])
    def test_a_mapping_of_a_county_is_evaluated_as_one(self, kind):
        """The kind of a mapping decides which rules look at it."""
        assessed = incentives.evaluate({"id": "晋江市", "kind": kind})

        assert assessed.subject == "county"

    def test_labels_are_values_too(self):
        """An enumeration understands its Chinese labels."""
        assert Enterprise.from_dict({"id": FIRM, "kind": "园区基地"}).kind == (
            "park-or-base"
        )

    def test_other_names_stay_as_they_are(self):
        """Another name of a value is kept as it was given; rules know both."""
        record = {"id": FIRM, "city": "泉州", "chain": "运动鞋"}

        assert Enterprise.from_dict(record).city == "泉州"


class TestAwards:
    """An award under a rule that nobody knows would be paid twice."""

    def test_another_policy(self):
        """An award of another policy may be under any rule."""
        awards = [{"rule": "春节慰问", "policy": "quanzhou-2019", "amount": "1万元"}]

        enterprise = Enterprise.from_dict({"id": FIRM, "awards": awards})

        assert enterprise.awards == (
            Award(rule="春节慰问", policy="quanzhou-2019", amount=10000),
        )

    @pytest.mark.parametrize("entry", [None, 5, {"rule": 5}, {}], ids=repr)
    def test_an_award_that_is_none(self, entry):
        """What is not an award, or says no rule, is no unknown rule."""
        record = {"id": FIRM, "awards": [entry]}

        if entry == {}:
            assert Enterprise.from_dict(record).awards == (Award(),)
        else:
            (told,) = mistakes(record)
            assert told.startswith("awards[0]")
            assert "unknown rule" not in told

    def test_without_rules_any_rule_will_do(self):
        """Where no rules are named, awards may be under rules of another book."""
        record = {"id": FIRM, "awards": [{"rule": "r0"}]}

        assert Enterprise.from_dict(record).awards == (Award(rule="r0"),)

    def test_a_rule_is_told_of_once(self):
        """A rule that cannot be read is not called unknown as well."""
        record = {"id": FIRM, "awards": [{"rule": " x"}]}

        assert mistakes(record) == [
            "awards[0].rule: text with blanks around it: ' x', did you mean 'x'?"
        ]

    def test_awards_left_out(self):
        """Without awards nothing was paid; null and [] say the same."""
        bare = Enterprise.from_dict({"id": FIRM})

        assert bare.awards == ()
        assert Enterprise.from_dict({"id": FIRM, "awards": None}) == bare
        assert Enterprise.from_dict({"id": FIRM, "awards": []}) == bare


class TestObjects:
    """Objects made in Python are read like any other record."""

    def test_records_and_mappings_together(self):
        """A list may hold objects and mappings side by side."""
        listings = [Listing(list="甲榜", year=2025), {"list": "乙榜"}]

        enterprise = Enterprise.from_dict({"id": FIRM, "listings": listings})

        assert enterprise.listings == (
            Listing(list="甲榜", year=2025),
            Listing(list="乙榜"),
        )

    def test_a_record_of_another_class(self):
        """An object of another class is no record of the list."""
        record = {"id": FIRM, "listings": [Listing(), Platform()]}

        assert mistakes(record) == ["listings[1]: expected Listing, got Platform"]

    def test_a_further_list_takes_plain_records(self):
        """Records of a list that a pack declares are plain ones."""
        project = Record(facts={"id": "x1", "chain": "运动鞋"})

        enterprise = Enterprise.from_dict({"id": FIRM, "projects": [project]})

        assert enterprise.fact("projects") == (project,)

    def test_platforms_with_one_id(self):
        """Two platforms with one id are refused when they are evaluated."""
        same = (Platform(id="p1"), Platform(id="p2"), Platform(id="p1"))

        with pytest.raises(incentives.RecordError) as caught:
            incentives.evaluate(Enterprise(id=FIRM, platforms=same))

        assert (
            str(caught.value) == "platforms[2].id: 'p1' is the id of platforms[0] too"
        )

    def test_platforms_without_ids_are_different(self):
        """Records whose key is unknown are not taken for one thing."""
        record = {"id": FIRM, "platforms": [{}, {}]}

        assert Enterprise.from_dict(record).platforms == (Platform(), Platform())

    def test_awards_under_an_unknown_rule(self):
        """An award built in Python is checked when it is evaluated."""
        enterprise = Enterprise(id=FIRM, awards=[Award(rule="pilot-platfrom")])

        with pytest.raises(incentives.RecordError) as caught:
            incentives.evaluate(enterprise)

        assert str(caught.value) == (
            "awards[0].rule: unknown rule 'pilot-platfrom', "
            "did you mean 'pilot-platform'?"
        )

    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"chian": "运动鞋"}, "chian: unknown field, did you mean 'chain'?"),
            ({"chain": 5}, "chain: expected text, got 5"),
            (
                {"technology_sme": "是"},
                "technology_sme: expected true or false, got '是'",
            ),
            (
                {"projects": [Record(facts={"assessed": "2026-02-30"})]},
                (
                    "projects[0].assessed: '2026-02-30' is impossible: "
                    "days of 2026-02 go from 01 to 28"
                ),
            ),
        ],
        ids=["name", "text", "boolean", "list"],
    )
    def test_further_facts_are_read_when_evaluated(self, facts, message):
        """Facts that only a pack declares are checked against it."""
        with pytest.raises(incentives.RecordError) as caught:
            incentives.evaluate(Enterprise(id=FIRM, facts=facts))

        assert str(caught.value) == message

    def test_further_facts_of_a_record_are_read_when_evaluated(self):
        """Facts that a pack declares for a listing are checked against it too."""
        listing = Listing(facts={"applid": "2026-01-01"})

        with pytest.raises(incentives.RecordError) as caught:
            incentives.evaluate(Enterprise(id=FIRM, listings=[listing]))

        assert str(caught.value) == (
            "listings[0].applid: unknown field, did you mean 'applied'?"
        )

    def test_further_facts_count(self):
        """A fact given so decides like one given in a mapping."""
        facts = {"technology_sme": True, "chain": "运动鞋"}

        by_hand = incentives.evaluate(Enterprise(id=FIRM, facts=facts))
        by_mapping = incentives.evaluate({"id": FIRM, **facts})

        assert by_hand["tech-loan"].outcome is incentives.Outcome.ELIGIBLE
        assert by_hand.to_dict() == by_mapping.to_dict()


ROUND = {
    "id": FIRM,
    "name": "晋江示例鞋业有限公司（虚构）",
    "kind": "enterprise",
    "city": "泉州市",
    "county": "晋江市",
    "chain": "运动鞋",
    "technology_sme": False,
    "listings": [
        {"list": "甲榜", "year": 2025, "published": False, "applied": "2026-01-01"}
    ],
    "recognitions": [{"first": True, "superior_award": "1234.50"}],
    "platforms": [],
    "projects": [{"id": "x1", "assessed": False, "good_effect": True}],
    "awards": [{"rule": "pilot-platform", "amount": "3000000", "date": "2025-12-01"}],
}


class TestRoundTrip:
    """What a record says is given back, and reads the same again."""

    def test_to_dict_gives_back_what_was_read(self):
        """Every known fact comes back, dates that never came as false."""
        assert Enterprise.from_dict(ROUND).to_dict() == ROUND

    def test_through_json(self):
        """A record written as JSON and read again is equal."""
        enterprise = Enterprise.from_dict(ROUND)

        text = json.dumps(enterprise.to_dict(), ensure_ascii=False)

        assert Enterprise.from_dict(json.loads(text)) == enterprise

    def test_a_county(self):
        """A county comes back with its kind, and closed facts as they were given."""
        record = {
            "id": "晋江市",
            "kind": "county",
            "county_class": "一类县域",
            "industrial_revenue": "300000000000",
            "pilot_county": True,
            "honours": [{"title": EXCELLENCE, "year": 2025, "date": "2025-11-01"}],
        }

        assert County.from_dict(record).to_dict() == record


# --- whatever is given ---------------------------------------------------------

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.decimals(),
    st.sampled_from(
        ["500万元", "30%", "2025-08-28", "泉州市", "运动鞋", "national", "p1", 2025]
    ),
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def mostly(*honest: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Honest values, and now and then anything."""
    return st.one_of(*honest * 6, anything)


days = st.dates().map(str) | st.sampled_from(
    ["2024-12-31", "2025-12-31", "2026-01-01", "2027-12-31", False, None]
)
money = st.integers(0, 10**9) | st.sampled_from(["500万元", "0.01元", None])
booleans = st.booleans() | st.none()
years = st.integers(2020, 2030) | st.none()
chains = st.sampled_from(["运动鞋", "集成电路", "智能对讲机", None])
texts = st.text(min_size=1, max_size=5)


def records(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A list of records with some of these fields, a few of them wrong."""
    some = {name: mostly(honest) for name, honest in fields.items()}
    return mostly(
        st.lists(mostly(st.fixed_dictionaries({}, optional=some)), max_size=3)
    )


awards = records(
    rule=st.sampled_from(["private-top-500", "pilot-platform", "county-excellence"]),
    policy=st.sampled_from([None, "quanzhou-2024", "other"]),
    amount=money,
    date=days,
    year=years,
    record=st.just("p1"),
)
enterprises = st.fixed_dictionaries(
    {"id": mostly(st.just(FIRM))},
    optional={
        "name": mostly(texts),
        "kind": mostly(
            st.sampled_from(["enterprise", "university-or-institute", "county"])
        ),
        "city": mostly(st.sampled_from(["泉州市", "厦门市"])),
        "county": mostly(st.sampled_from(["晋江市", "石狮市"])),
        "chain": mostly(chains),
        "technology_sme": mostly(booleans),
        "listings": records(
            list=st.sampled_from(["中国民营企业500强", "福建省民营企业100强"]),
            publisher=st.sampled_from(["中华全国工商业联合会", "省工商联"]),
            year=years,
            published=days,
            applied=days,
        ),
        "recognitions": records(
            title=st.just("制造业单项冠军企业"),
            level=st.sampled_from(["national", "省级"]),
            first=booleans,
            date=days,
            superior_award=money,
        ),
        "platforms": records(
            id=st.sampled_from(["p1", "p2"]),
            chain=chains,
            market_operated=booleans,
            recognised=days,
            equipment_cost=money,
            software_cost=money,
            fiscal_funding=money,
        ),
        "projects": records(id=texts, category=texts, chain=chains, assessed=days),
        "awards": awards,
    },
)
counties = st.fixed_dictionaries(
    {
        "id": mostly(st.sampled_from(["晋江市", "德化县", "某新设县"])),
        "kind": st.just("county"),
    },
    optional={
        "county_class": mostly(st.sampled_from(["一类县域", "未分类"])),
        "industrial_revenue": mostly(money),
        "pilot_county": mostly(booleans),
        "honours": records(title=st.just(EXCELLENCE), year=years, date=days),
        "awards": awards,
    },
)


class TestAnything:
    """Arbitrary values in arbitrary places give a subject or a list of mistakes."""

    @given(anything)
    def test_any_value_as_a_record(self, value):
        """Any value at all is refused with mistakes, or it is a record."""
        for form in (Enterprise, County):
            try:
                subject = form.from_dict(value)
            except incentives.RecordError as error:
                assert error.mistakes  # noqa: PT017  # either outcome is fine
            else:
                assert form.from_dict(subject.to_dict()) == subject

    @given(enterprises | counties, st.dates())
    def test_what_is_read_can_be_evaluated(self, record, day):
        """A record that is accepted is evaluated on any day, and its JSON is exact."""
        form = County if record.get("kind") == "county" else Enterprise
        try:
            subject = form.from_dict(record, rules=incentives.bundled())
        except incentives.RecordError as error:
            assert error.mistakes  # noqa: PT017  # either outcome is fine
            return
        assert form.from_dict(json.loads(json.dumps(subject.to_dict()))) == subject
        try:
            assessed = incentives.evaluate(subject, as_of=day)
        except incentives.UsageError as error:
            assert "is outside 1900-01-01..2199-12-31" in str(error)  # noqa: PT017
            return
        told = assessed.to_dict()
        assert json.loads(json.dumps(told, allow_nan=False)) == told
        assert len(told["determinations"]) == len(assessed)
        assert str(assessed)
        for determination in assessed:
            assert determination.explain("zh")
            assert determination.explain("en")


def test_recognitions_keep_their_level():
    """A level given by its label is stored by its value."""
    record = {"id": FIRM, "recognitions": [{"level": "省级"}]}

    assert Enterprise.from_dict(record).recognitions == (
        Recognition(level="provincial"),
    )


@pytest.mark.parametrize("made", [dict, incentives.Award])
def test_an_award_of_nothing(made: Any) -> None:
    """An award of 0 yuan is no award: it would bar the real one."""
    awards = [made(rule="private-top-500", amount="0", date="2025-12-01")]
    with pytest.raises(incentives.RecordError) as raised:
        incentives.evaluate({"id": FIRM, "awards": awards})
    said = "awards[0].amount: an award of nothing, leave out what was not paid"
    assert str(raised.value) == said
    enterprise = Enterprise(id=FIRM, awards=[incentives.Award(amount=0)])
    with pytest.raises(incentives.RecordError, match="an award of nothing"):
        incentives.evaluate(enterprise)


class BrokenOffError(Exception):
    """A signal came while a value was read."""


class Interrupting(dict[str, Any]):
    """A record in the middle of whose reading a signal comes."""

    def get(self, *_: object) -> Any:
        raise BrokenOffError

    def __getitem__(self, _: object) -> Any:
        raise BrokenOffError


def test_a_signal_is_no_mistake_of_the_record() -> None:
    """What breaks reading off is passed on as it is, not told as a mistake."""
    record = {"id": FIRM, "listings": [Interrupting(list="x")], "unheard of": 1}
    with pytest.raises(BrokenOffError):
        Enterprise.from_dict(record)
