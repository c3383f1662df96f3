"""Enterprises and counties built in Python: immutable, strict, worth looking at."""

import copy
import pickle

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from incentives import (
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
from incentives.dates import NEVER
from incentives.facts import FURTHER, core_vocabulary

# An invented firm; the code has a valid check digit (GB 32100-2015).
FIRM = "91350582MA31ABCD0M"

FULL = Enterprise(
    id=FIRM,
    name="晋江示例鞋业有限公司（虚构）",
    kind="enterprise",
    listings=[Listing(list="中国民营企业500强", year=2025, published="2025-08-28")],
    platforms=[Platform(id="p1", equipment_cost="800万元", recognised=False)],
    facts={"projects": [Record(facts={"id": "x1"})], "chain": "运动鞋"},
)


class TestBuilding:
    """Values are read where an object is made."""

    def test_amounts_and_days_are_read(self):
        """An amount in words is yuan, a day in ISO form a date, false never."""
        platform = Platform(equipment_cost="800万元", recognised="2026-03-01")

        assert platform.equipment_cost == Decimal(8000000)
        assert platform.recognised == date(2026, 3, 1)
        assert Platform(recognised=False).recognised == NEVER

    def test_what_is_not_said_is_unknown(self):
        """Nothing is known of an enterprise but its id; no award was paid."""
        bare = Enterprise(id=FIRM)

        assert bare.to_dict() == {"id": FIRM}
        assert (bare.listings, bare.platforms, bare.awards) == (None, None, ())

    def test_a_county_is_a_county(self):
        """A county knows its kind."""
        county = County(
            id="晋江市", honours=[Honour(title="优秀奖", date="2025-11-01")]
        )

        assert county.to_dict() == {
            "id": "晋江市",
            "kind": "county",
            "honours": [{"title": "优秀奖", "date": "2025-11-01"}],
        }

    def test_any_iterable_of_records(self):
        """Records may come from anything that can be iterated over."""
        listing = Listing(list="甲榜")

        assert Enterprise(id=FIRM, listings=iter([listing])).listings == (listing,)

    @pytest.mark.parametrize(
        ("build", "message"),
        [
            (lambda: Enterprise(id=None), "id: missing: every record has an id"),
            (lambda: Enterprise(id=" "), "id: missing: every record has an id"),
            (lambda: Enterprise(id=5), "id: expected text, got 5"),
            (
                lambda: Enterprise(id=FIRM, kind="firm"),
                (
                    "kind: expected one of 'enterprise', 'university-or-institute', "
                    "'park-or-base', got 'firm'"
                ),
            ),
            (
                lambda: County(id="晋江市", kind="enterprise"),
                "kind: expected 'county', got 'enterprise'",
            ),
            (
                lambda: Recognition(first="是"),
                "first: expected true or false, got '是'",
            ),
            (
                lambda: Listing(year="2025"),
                (
                    "year: expected a year such as 2025, got '2025', "
                    "write 2025 without quotes"
                ),
            ),
            (
                lambda: Platform(equipment_cost=8e6),
                (
                    "equipment_cost: 8000000.0 is a float, which is not exact; "
                    "write a decimal string such as '1234.50'"
                ),
            ),
            (
                lambda: Award(amount=-1),
                "amount: a negative amount: -1",
            ),
            (
                lambda: Enterprise(id=FIRM, listings=5),
                (
                    "listings: expected a list of Listing, got int, "
                    "write [] if there is none"
                ),
            ),
            (
                lambda: Enterprise(id=FIRM, listings="甲榜"),
                (
                    "listings: expected a list of Listing, got str, "
                    "write [] if there is none"
                ),
            ),
            (
                lambda: Enterprise(id=FIRM, awards={"rule": "pilot-platform"}),
                (
                    "awards: expected a list of Award, got dict, "
                    "write [] if there is none"
                ),
            ),
            (
                lambda: Enterprise(id=FIRM, platforms=[Platform(), Listing(), None]),
                (
                    "platforms[1]: expected Platform, got Listing\n"
                    "platforms[2]: expected Platform, got NoneType"
                ),
            ),
            (
                lambda: Enterprise(id=FIRM, listings=[{"list": "甲榜"}]),
                "listings[0]: expected Listing, got dict, write Listing(…)",
            ),
        ],
        ids=[
            *("no id", "blank id", "id", "kind", "kind of a county", "boolean"),
            *("year", "float", "negative", "number for a list", "text for a list"),
            *("mapping for a list", "other classes", "mapping in a list"),
        ],
    )
    def test_wrong_values_are_refused(self, build, message):
        """A wrong value is refused with the name of its field."""
        with pytest.raises(RecordError) as caught:
            build()

        assert str(caught.value) == message


class TestFurtherFacts:
    """Facts that only a rule pack declares are given in a mapping."""

    def test_they_are_kept_in_order_of_names(self):
        """Facts are sorted, lists become tuples, and unknown ones are left out."""
        given = {"technology_sme": None, "projects": [Record()], "chain": "运动鞋"}

        assert Enterprise(id=FIRM, facts=given).facts == (
            ("chain", "运动鞋"),
            ("projects", (Record(),)),
        )

    def test_they_are_facts_like_others(self):
        """A further fact is asked for by name; one never heard of is unknown."""
        assert FULL.fact("chain") == "运动鞋"
        assert FULL.fact("kind") == "enterprise"
        assert FULL.fact("no_such_fact") is None

    def test_rates_and_numbers_come_back(self):
        """Numbers are given back as exact texts that can be read again."""
        facts = {"share": Fraction(1, 8), "heads": Decimal("12.5"), "month": 3}

        assert Record(facts=facts).to_dict() == {
            "share": "12.5%",
            "heads": "12.5",
            "month": 3,
        }

    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            (5, "facts: expected a mapping of facts, got int"),
            (["chain"], "facts: expected a mapping of facts, got list"),
            ((1, 2), "facts: expected a mapping of facts, got tuple"),
            ({5: "x", "b": "y"}, "facts: field names are text, got 5"),
            (
                {"city": "泉州市"},
                "facts.city: a field of its own, write Enterprise(city=…)",
            ),
            ({"share": 0.3}, "share: not a fact: 0.3"),
            ({"chain": {"a": 1}}, "chain: not a fact: {'a': 1}"),
            ({"chain": b"x"}, "chain: not a fact: b'x'"),
            (
                {"projects": [{"id": "x1"}]},
                "projects[0]: expected Record, got dict, write Record(…)",
            ),
            ({"projects": ("x1",)}, "projects[0]: expected Record, got str"),
        ],
        ids=repr,
    )
    def test_what_cannot_be_a_fact_is_refused(self, facts, message):
        """What no rule could read is refused where the object is made."""
        with pytest.raises(RecordError) as caught:
            Enterprise(id=FIRM, facts=facts)

        assert str(caught.value) == message


class TestValues:
    """Records are values: immutable, equal by what they say, easy to vary."""

    @pytest.mark.parametrize("name", ["city", "facts", "anything"])
    def test_immutable(self, name):
        """Nothing of a record can be set."""
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(FULL, name, "泉州市")

    def test_equal_and_hashable(self):
        """Two records that say the same are one key."""
        again = Enterprise.from_dict(FULL.to_dict())

        assert again == FULL
        assert {FULL: 1}[again] == 1
        assert attrs.evolve(again, name="另一家") != FULL

    def test_evolve_keeps_the_rest(self):
        """A changed copy keeps further facts and dates that never came."""
        moved = attrs.evolve(FULL, city="厦门市")
        never = attrs.evolve(Platform(recognised=False), id="p1")

        assert moved.city == "厦门市"
        assert attrs.evolve(moved, city=None) == FULL
        assert never == Platform(recognised=False, id="p1")

    @pytest.mark.parametrize(
        "subject", [FULL, County(id="晋江市")], ids=["firm", "county"]
    )
    def test_copies(self, subject):
        """Pickled and deeply copied, a record stays equal."""
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(subject, protocol)) == subject  # noqa: S301  # its own
        assert copy.deepcopy(subject) == subject

    @pytest.mark.parametrize(
        ("record", "shown"),
        [
            (Enterprise(id=FIRM), f"Enterprise(id='{FIRM}')"),
            (
                County(id="晋江市", honours=()),
                ("County(id='晋江市', kind='county', honours=<0 records>)"),
            ),
            (
                Listing(list="甲榜", year=2025, facts={"applied": "2026-01-01"}),
                "Listing(list='甲榜', year=2025, applied='2026-01-01')",
            ),
            (
                FULL,
                (
                    f"Enterprise(id='{FIRM}', name='晋江示例鞋业有限公司（虚构）', "
                    "kind='enterprise', listings=<1 record>, platforms=<1 record>, "
                    "chain='运动鞋', projects=<1 record>)"
                ),
            ),
            (
                Enterprise(id=FIRM, awards=[Award(), Award()]),
                f"Enterprise(id='{FIRM}', awards=<2 records>)",
            ),
        ],
        ids=["bare", "county", "record", "full", "awards"],
    )
    def test_repr_shows_what_is_known(self, record, shown):
        """A record shows what is known of it, and of lists how long they are."""
        assert repr(record) == shown


def test_the_core_vocabulary_knows_every_field():
    """Every field of the classes is declared, so that packs can word it."""
    vocabulary = core_vocabulary()

    names = {
        form.subject: set(vocabulary[form.subject].names())
        for form in (
            Enterprise,
            County,
        )
    }

    assert names == {
        form.subject: {a.name for a in attrs.fields(form)} - FURTHER
        for form in (Enterprise, County)
    }
