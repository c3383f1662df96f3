"""A later notice changes a rule from a day on; both versions stay what they are."""

import shutil

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import incentives

from incentives import PackError, UnknownRuleError, UsageError
from incentives.book import RuleBook
from incentives.checks.checking import check
from incentives.language.amending.arguments import as_written
from incentives.language.amending.merging import conflicts, merged
from incentives.reports import catalogue
from incentives.standards import Cash, Combination, NonCash
from incentives.versions import Change, Version
from tests.support.bad_packs import SOUND

QUANZHOU = incentives.bundled()
NOTICE_DAY = "2026-07-01"
#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"


def firm(recognised: object, **facts: object) -> dict[str, Any]:
    """A firm with one platform, whose equipment cost 3000万元."""
    platform = {
        "id": "p1",
        "stage": "中试熟化",
        "chain": "运动鞋",
        "market_operated": True,
        "recognised": recognised,
        "recognised_by": "泉州市科技局",
        "equipment_cost": "3000万元",
        "software_cost": 0,
        "fiscal_funding": 0,
    }
    place = {"id": FIRM, "kind": "enterprise", "city": "泉州市", "county": "晋江市"}
    return {**place, "platforms": [{**platform, **facts}]}


def due(
    book: RuleBook, recognised: object, as_of: str = "2028-06-01", **facts: object
) -> Decimal | None:
    """What the platform is due, in 万元."""
    amount = found(book, recognised, as_of, **facts).amount
    return None if amount is None else amount / 10_000


def found(
    book: RuleBook, recognised: object, as_of: str = "2028-06-01", **facts: object
) -> incentives.Determination:
    record = firm(recognised, **facts)
    return incentives.evaluate(record, as_of=as_of, rules=book)["pilot-platform"]


CAPPED = QUANZHOU.amend("pilot-platform", cap="800万元", since=NOTICE_DAY)
SHARED = QUANZHOU.amend("pilot-platform", rate="40%", since=NOTICE_DAY)


class TestEventDay:
    """a change of a rate in mid-2026 applies to events after it, not before"""

    @pytest.mark.parametrize("as_of", ["2026-06-30", "2026-07-01", "2027-12-31"])
    def test_old_cap_before(self, as_of: str) -> None:
        """What was recognised the day before has the old cap whenever it is asked."""
        assert due(CAPPED, "2026-06-30", as_of) == 500

    @pytest.mark.parametrize("as_of", ["2026-07-01", "2027-12-31", "2028-06-01"])
    def test_new_cap_from_the_day_on(self, as_of: str) -> None:
        """What is recognised on the first day has the new cap."""
        assert due(CAPPED, "2026-07-01", as_of) == 800

    def test_rate(self) -> None:
        """A rate of 30 % before and of 40 % after, of 1000万元."""
        days = ("2026-06-30", "2026-07-01", "2027-12-31", "2028-01-01")
        amounts = [due(SHARED, day, equipment_cost="1000万元") for day in days]
        assert amounts == [300, 400, 400, 0]

    def test_not_yet_happened(self) -> None:
        """On the eve, an event of the first day is still to come."""
        codes = {
            reason.code for reason in found(CAPPED, "2026-07-01", "2026-06-30").reasons
        }
        assert incentives.ReasonCode.NOT_YET_HAPPENED in codes

    def test_unknown_day_is_open(self) -> None:
        """While nobody knows the day, the amount lies between nothing and the new cap."""
        determination = found(CAPPED, None)
        assert determination.outcome is incentives.Outcome.UNDETERMINED
        assert determination.bounds == (0, 8_000_000)
        assert determination.missing == ("platforms[0].recognised",)

    def test_unknown_day_between_caps(self) -> None:
        """Of what is over both caps, the amount itself is one of the two."""
        working = found(CAPPED, None).leading.working
        assert working is not None
        assert (working.known.low, working.known.high) == (50_000_000_0, 80_000_000_0)

    def test_unknown_day_below_both_caps(self) -> None:
        """Where both versions come to the same, the day does not matter for it."""
        working = found(CAPPED, None, equipment_cost="1000万元").leading.working
        assert working is not None
        assert working.known.value == 30_000_000_0

    def test_what_was_paid_counts_under_both(self) -> None:
        """What the platform was paid before is taken off either cap."""
        paid = [
            {
                "rule": "pilot-platform",
                "record": "p1",
                "amount": "300万元",
                "date": "2027-01-01",
            }
        ]
        amounts = [
            incentives.evaluate(
                {**firm(day), "awards": paid}, as_of="2028-06-01", rules=CAPPED
            )["pilot-platform"].amount
            for day in ("2026-06-30", "2026-07-01")
        ]
        assert amounts == [2_000_000, 5_000_000]

    def test_dated_by_the_day_asked_about(self) -> None:
        """A rule without an event is dated by the day asked about."""
        book = incentives.load(SOUND).amend("growth", since="2026-07-01", award="5万元")
        record = {"id": FIRM, "revenue": "5亿元", "county": "石桥区", "size": "large"}
        amounts = [
            incentives.evaluate(record, as_of=day, rules=book)["growth"].amount
            for day in ("2026-06-30", "2026-07-01")
        ]
        assert amounts == [200_000, 50_000]

    def test_dated_by_application(self) -> None:
        """Where the application decides, its day decides which version counts."""
        book = CAPPED.under({"dated-by": "application"})
        amounts = [
            due(book, "2026-05-01", applied=day) for day in ("2026-06-30", "2026-07-01")
        ]
        assert amounts == [500, 800]


DAYS = st.dates(date(2024, 6, 1), date(2028, 3, 1)) | st.sampled_from(
    [date(2026, 6, 30), date(2026, 7, 1), date(2027, 12, 31), date(2028, 1, 1)]
)
NOTICE_DAYS = st.sampled_from([date(2025, 3, 1), date(2026, 7, 1), date(2027, 1, 1)])
CHANGES: list[dict[str, Any]] = [
    {"cap": "800万元"},
    {"rate": "40%", "cap": None, "cap_per": None},
    {"sunset": "2028-02-01"},
    {"sunset": "2027-03-31"},
    {"effective": "2025-01-01"},
    {"conditions": ["platform.market_operated", "platform.stage = “概念验证”"]},
    {"rounding": "万元 down"},
]


@cache
def amended_by(number: int, since: str | None) -> RuleBook:
    return QUANZHOU.amend("pilot-platform", since=since, **CHANGES[number])


@cache
def capped_at(caps: tuple[tuple[str, date], ...]) -> RuleBook:
    """A book whose cap changes from some days on."""
    if not caps:
        return QUANZHOU
    *others, (cap, day) = caps
    return capped_at(tuple(others)).amend("pilot-platform", cap=cap, since=day)


class TestBothVersions:
    """with both versions evaluated correctly by `as_of` and event date"""

    @given(
        number=st.sampled_from(range(len(CHANGES))),
        day=DAYS,
        cost=st.sampled_from(["1000.5万元", "3000万元", None]),
        stage=st.sampled_from(["中试熟化", "概念验证", None]),
    )
    def test_each_day_has_its_version(
        self, number: int, day: date, cost: str | None, stage: str | None
    ) -> None:
        """Before the day the book is the old one, from it on the one wholly changed."""
        amended = amended_by(number, NOTICE_DAY)
        is_old = day < date.fromisoformat(NOTICE_DAY)
        version = QUANZHOU if is_old else amended_by(number, None)
        facts = {"equipment_cost": cost, "stage": stage}
        said = [found(book, day.isoformat(), **facts) for book in (amended, version)]
        assert [s.outcome for s in said] == [said[1].outcome] * 2
        assert [s.bounds for s in said] == [said[1].bounds] * 2
        assert [s.missing for s in said] == [said[1].missing] * 2

    @given(days=st.lists(NOTICE_DAYS, min_size=1, max_size=3, unique=True), event=DAYS)
    def test_latest_notice_counts(self, days: list[date], event: date) -> None:
        """Whatever their order, the last notice before an event decides its cap."""
        book = capped_at(tuple((f"{n + 1}万元", day) for n, day in enumerate(days)))
        begun = [day for day in days if day <= event]
        expected = days.index(max(begun)) + 1 if begun else 500
        inside = date(2025, 1, 1) <= event <= date(2027, 12, 31)
        if inside:
            assert due(book, event.isoformat()) == expected


class TestComposition:
    """Several calls compose."""

    def test_three_periods(self) -> None:
        """Two days make three periods."""
        book = CAPPED.amend("pilot-platform", rate="10%", since="2027-01-01")
        days = ("2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01")
        assert [due(book, day) for day in days] == [500, 800, 800, 300]

    def test_same_day_twice(self) -> None:
        """Of two calls for one day the second adds to the first."""
        book = CAPPED.amend("pilot-platform", since=date(2026, 7, 1), rate="20%")
        assert due(book, "2026-07-01") == 600
        assert due(book, "2026-06-30") == 500

    def test_what_if_over_a_notice(self) -> None:
        """A what-if goes over everything there is; what is asked later, over it."""
        book = CAPPED.amend("pilot-platform", cap="100万元")
        assert [due(book, day) for day in ("2026-06-30", "2026-07-01")] == [100, 100]
        book = book.amend("pilot-platform", cap="200万元", since="2026-10-01")
        days = ("2026-06-30", "2026-09-30", "2026-10-01")
        assert [due(book, day) for day in days] == [100, 100, 200]

    def test_back_to_what_it_was(self) -> None:
        """A change that is taken back later holds in between only."""
        book = CAPPED.amend("pilot-platform", cap="500万元", since="2027-01-01")
        days = ("2026-06-30", "2026-12-31", "2027-01-01")
        assert [due(book, day) for day in days] == [500, 800, 500]

    def test_conditions_of_a_middle_period(self) -> None:
        """A condition that holds between two days says so."""
        book = QUANZHOU.amend(
            "pilot-platform",
            since=NOTICE_DAY,
            conditions=["not platform.market_operated"],
        ).amend(
            "pilot-platform",
            since="2027-01-01",
            conditions=["platform.market_operated"],
        )
        days = ("2026-06-30", "2026-12-31", "2027-01-01")
        assert [due(book, day) for day in days] == [500, 0, 500]
        assert [due(book, day, market_operated=False) for day in days] == [0, 500, 0]

    def test_whole_rule(self) -> None:
        """Without a day a rule is replaced, as if it had always been so."""
        reform = QUANZHOU.amend("pilot-platform", cap="800万元")
        assert due(reform, "2025-01-01") == 800
        (version,) = reform["pilot-platform"].amended
        assert version == Version(
            amendment="amend(pilot-platform)",
            since=None,
            changes=(Change("award.cap", "500万元", "800万元"),),
        )

    def test_what_if_may_change_anything(self) -> None:
        """Without a day there is one version only, so that nothing can conflict."""
        reform = QUANZHOU.amend(
            "pilot-platform", event=None, award={"non-cash": "优先"}
        )
        assert isinstance(reform["pilot-platform"].award, NonCash)
        assert reform["pilot-platform"].event is None

    def test_old_book_is_unchanged(self) -> None:
        """The book that is amended stays what it is."""
        assert due(QUANZHOU, "2026-07-01") == 500
        assert QUANZHOU["pilot-platform"].amended == ()


FEE = """\
rule: fee
title: 检测费
clause: 第四条
quote: 第四条
award:
  reading: how-often
  once:
    reading: how-often
    once: {rate: 10%, of: revenue, cap: 1万元}
    every-year: 7万元
  every-year: 7万元
"""


class TestReadings:
    def test_stays_amended(self) -> None:
        """An amended book is amended under other readings too."""
        book = CAPPED.under({"rounding": "wan-down", "platform-cap": "per-year"})
        assert due(book, "2026-07-01") == 800
        assert book["pilot-platform"].amended == CAPPED["pilot-platform"].amended

    def test_amended_under_a_reading(self) -> None:
        """A book under a reading stays under it when it is amended."""
        book = QUANZHOU.under({"subsidy-rate": "ceiling"})
        reform = book.amend("pilot-platform", cap="800万元", since=NOTICE_DAY)
        assert reform.readings == book.readings
        assert reform["pilot-platform"].amended == ()
        assert due(reform.under({"subsidy-rate": "fixed"}), "2026-07-01") == 800

    def test_switch_in_the_change(self) -> None:
        """A new value may be a switch between readings."""
        either = {"reading": "one-time", "once": "600万元", "per-list-year": "700万元"}
        book = QUANZHOU.amend("pilot-platform", cap=either, since=NOTICE_DAY)
        assert due(book, "2026-07-01") == 600
        assert due(book.under({"one-time": "per-list-year"}), "2026-07-01") == 700
        assert "one-time" in book["pilot-platform"].readings

    def test_switch_within_a_switch(self, tmp_path: Path) -> None:
        """A key is changed in every branch that has it, however deep."""
        pack = Path(shutil.copytree(SOUND, tmp_path / "pack"))
        (pack / "4-fee.yaml").write_text(FEE, encoding="utf-8")
        book = incentives.load(pack).amend("fee", cap="5万元", since=NOTICE_DAY)
        record = {"id": FIRM, "revenue": "1亿元"}
        amounts = [
            incentives.evaluate(record, as_of=NOTICE_DAY, rules=book.under(readings))[
                "fee"
            ].amount
            for readings in ({"how-often": "once"}, {"how-often": "every-year"})
        ]
        assert amounts == [50_000, 70_000]

    def test_every_reading_is_checked(self) -> None:
        """A slip under a reading that nobody asked for is found at once."""
        either = {"reading": "one-time", "once": "600万元", "per-list-year": "600万"}
        with pytest.raises(PackError) as error:
            QUANZHOU.amend("pilot-platform", cap=either)
        assert str(error.value) == (
            "amend(pilot-platform):5:23: error[syntax]: '万' does not fit here\n"
            " 5 |     per-list-year: 600万\n"
            "   |                       ^^\n"
            "  = help: an amount is written with 元: '600万元'"
        )


class TestDigest:
    def test_changes_with_the_words(self) -> None:
        """The digest tells amended books apart, and from the one they were made of."""
        again = QUANZHOU.amend("pilot-platform", cap="800万元", since=date(2026, 7, 1))
        reform = QUANZHOU.amend("pilot-platform", cap="800万元")
        digests = {book.digest for book in (QUANZHOU, CAPPED, SHARED, reform)}
        assert len(digests) == 4
        assert again.digest == CAPPED.digest
        assert CAPPED.under({"rounding": "yuan-down"}).digest == CAPPED.digest


class TestKeywords:
    """Keyword values are what an author would write."""

    def test_chinese(self) -> None:
        """A keyword may be Chinese."""
        book = QUANZHOU.amend("pilot-platform", since=NOTICE_DAY, 封顶="800万元")
        assert book["pilot-platform"].award == CAPPED["pilot-platform"].award

    def test_under_award(self) -> None:
        """The words of an award may stand under `award` or alone."""
        inner = QUANZHOU.amend(
            "pilot-platform", since=NOTICE_DAY, award={"cap": "800万元"}
        )
        both = QUANZHOU.amend(
            "pilot-platform", award={"rate": "40%"}, cap="800万元", cap_per=None
        )
        assert inner["pilot-platform"] == CAPPED["pilot-platform"]
        assert due(both, "2026-01-01", equipment_cost="1000万元") == 400

    def test_none_takes_away(self) -> None:
        """None takes a key away, here the cap with what it is counted per."""
        book = QUANZHOU.amend("pilot-platform", cap=None, cap_per=None)
        assert due(book, "2026-01-01") == 900

    def test_sunset(self) -> None:
        """A later sunset reads as if it had always stood there."""
        book = QUANZHOU.amend("pilot-platform", since=NOTICE_DAY, sunset="2028-12-31")
        assert due(book, "2028-12-31", "2029-01-01") == 500
        assert due(book, "2029-01-01", "2029-01-01") == 0
        whole = QUANZHOU.amend("pilot-platform", sunset=date(2028, 12, 31))
        assert (
            book["pilot-platform"].requirements == whole["pilot-platform"].requirements
        )
        assert book["pilot-platform"].window.last == date(2028, 12, 31)

    def test_texts(self) -> None:
        """What people read is that of the last version, but the clause is the source's."""
        book = QUANZHOU.amend(
            "pilot-platform",
            since=NOTICE_DAY,
            quote="（改写）",
            title="新名",
            note="说明",
        )
        rule = book["pilot-platform"]
        assert (rule.title, rule.clause.note) == ("新名", "说明")
        assert rule.clause.quote == QUANZHOU["pilot-platform"].clause.quote
        assert rule.amended[0].quote == "（改写）"
        assert book.quotes == QUANZHOU.quotes
        assert book.places == QUANZHOU.places

    def test_support_in_words(self) -> None:
        """What is not money says from when on it is what."""
        book = QUANZHOU.amend(
            "tech-loan", since="2026-07-01", award={"non-cash": "贴息支持"}
        )
        assert book["tech-loan"].award == NonCash(
            "引导“科技贷”支持；自2026-07-01起：贴息支持"
        )

    def test_as_written(self) -> None:
        """Values are written as a file would say them, nothing is guessed."""
        values = {
            "a": True,
            "b": False,
            "c": 3,
            "d": date(2026, 7, 1),
            "e": ["1: 2", "x"],
        }
        assert as_written(values, "x") == (
            "a: true\nb: false\nc: 3\nd: 2026-07-01\ne:\n- '1: 2'\n- x\n"
        )

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({}, "nothing to change, give a key and its new value"),
            (
                {"sunsett": "2028-12-31"},
                "unknown key 'sunsett', did you mean 'sunset'?",
            ),
            ({"capp": "1万元"}, "unknown key 'capp', did you mean 'cap'?"),
            (
                {"rate": 0.4},
                (
                    "rate: expected what a rule file would say, got float; "
                    "write it as text, such as '30%'"
                ),
            ),
            ({"award": "1万元", "cap": "1万元"}, "'cap' stands beside a whole award"),
            ({"conditions": [None]}, "conditions: an item of a list cannot be None"),
            ({"define": {1: "x"}}, "define: a key is a text, got 1"),
            ({"note": "a\nb"}, "note: 'a\\nb' is no text of one line"),
            (
                {"cap": "1万元", "since": "2026年7月"},
                "since: '2026年7月' is not a date; write YYYY-MM-DD",
            ),
        ],
    )
    def test_makes_no_sense(self, change: dict[str, Any], said: str) -> None:
        """A call that makes no sense is refused with what to write instead."""
        with pytest.raises(UsageError) as error:
            QUANZHOU.amend("pilot-platform", **change)
        start = "amend(pilot-platform): " if "award" not in change else said[:0]
        assert said in str(error.value)
        assert str(error.value).startswith(start)

    def test_unknown_key_lists_what_there_is(self) -> None:
        """A key like no other is answered with all that there are."""
        with pytest.raises(
            UsageError, match=r"unknown key 'xyzzy', expected one of 'rule'"
        ):
            QUANZHOU.amend("pilot-platform", xyzzy="1")

    def test_nested_too_deep(self) -> None:
        """A value without end is refused."""
        loop: list[Any] = []
        loop.append(loop)
        with pytest.raises(UsageError, match="conditions: nested deeper than 30"):
            QUANZHOU.amend("pilot-platform", conditions=loop)

    def test_unknown_rule(self) -> None:
        """A rule that is not there is told with the one that was meant."""
        with pytest.raises(UnknownRuleError, match="did you mean 'pilot-platform'"):
            QUANZHOU.amend("pilot-platfrom", cap="1万元")

    def test_place_of_a_slip(self) -> None:
        """A slip in the new words is shown in the call, as if it were a file."""
        with pytest.raises(PackError) as error:
            QUANZHOU.amend("pilot-platform", cap="800万", since=NOTICE_DAY)
        assert str(error.value) == (
            "amend(pilot-platform):2:11: error[syntax]: '万' does not fit here\n"
            " 2 |   cap: 800万\n"
            "   |           ^^\n"
            "  = help: an amount is written with 元: '800万元'"
        )

    def test_id_stays(self) -> None:
        """The id of a rule cannot be amended."""
        with pytest.raises(PackError) as error:
            QUANZHOU.amend("pilot-platform", rule="x")
        assert str(error.value).split("\n")[0] == (
            "amend(pilot-platform):1:1: error[cannot-amend]: "
            "the id of a rule stays what it is"
        )

    @pytest.mark.parametrize(
        ("change", "keys"),
        [
            ({"event": "platform.applied"}, ["dated by", "event"]),
            ({"once": "per enterprise"}, ["once"]),
            ({"award": "20万元"}, ["award"]),
            ({"cap_per": "subject, lifetime"}, ["cap"]),
        ],
    )
    def test_cannot_be_merged(self, change: dict[str, Any], keys: list[str]) -> None:
        """What cannot differ within one rule is refused rather than dropped."""
        with pytest.raises(PackError) as error:
            QUANZHOU.amend("pilot-platform", since=NOTICE_DAY, **change)
        said = [d.message for d in error.value.diagnostics if d.code == "cannot-amend"]
        for key in keys:
            assert f"{key!r} cannot change from a day on" in said

    def test_warnings(self) -> None:
        """What is probably a slip is warned of, and the old warnings stay."""
        slip = QUANZHOU.amend("pilot-platform", cap="500万元", since="2024-01-01")
        again = slip.amend("pilot-platform", cap="1万元", since="2029-01-01")
        codes = [warning.code for warning in again.warnings]
        assert codes.count("same-as-before") == 1
        assert codes.count("outside-window") == 2

    def test_book_without_files(self) -> None:
        """A book that was made otherwise cannot be amended, and says so."""
        fields = {
            name: getattr(QUANZHOU, name)
            for name in RuleBook.__match_args__
            if name not in ("interpret", "revise")
        }
        book = RuleBook(**fields, interpret=QUANZHOU.interpret)
        with pytest.raises(UsageError, match="this book was not read from files"):
            book.amend("pilot-platform", cap="800万元")


class TestMerging:
    RULE = QUANZHOU["pilot-platform"]

    def test_equal_versions(self) -> None:
        """Versions that say the same are one."""
        assert merged([self.RULE, self.RULE], [date(2026, 7, 1)]) == self.RULE

    def test_condition_that_always_held(self) -> None:
        """A rule that is bound to no day takes any change of its conditions."""
        bare = evolve(self.RULE, dated=None)
        fewer = evolve(bare, requirements=bare.requirements[1:])
        first = merged([bare, fewer], [date(2026, 7, 1)]).requirements[0]
        assert str(first.condition).startswith("Any(parts=(Compare(")

    def test_how_often(self) -> None:
        """Once for all and every time are not one rule."""
        award = self.RULE.award
        assert isinstance(award, Cash)
        once = evolve(self.RULE, award=evolve(award, combination=Combination.ONCE))
        assert list(conflicts([self.RULE, once])) == [(1, "once")]


NOTICE = """\
amends: notice-2026-07
title: 关于调整设备补助标准的通知（虚构）
english: notice on the equipment subsidy (invented)
number: 云经〔2026〕X号
issuer: 云桥区工信局（虚构）
from: 2026-07-01
quote: 最高补助标准由100万元提高到200万元
note: 其余不变。
changes:
  equipment:
    award: {cap: 200万元}
cases:
  - rule: equipment
    name: 修订前一日认定
    as of: 2026-08-01
    given:
      platforms:
        - {id: p1, chain: 鞋服, recognised: 2026-06-30, equipment_cost: 1000万元, fiscal_funding: 0元}
    expect: 100万元
  - rule: equipment
    name: 修订当日认定
    as of: 2026-08-01
    given:
      platforms:
        - {id: p1, chain: 鞋服, recognised: 2026-07-01, equipment_cost: 1000万元, fiscal_funding: 0元}
    expect: 200万元
"""
CHINESE = """\
修订: notice-2026-07
起: 2026-07-01
变更:
  equipment:
    奖补: {封顶: 200万元}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with a notice that changes one of its rules."""
    copy = Path(shutil.copytree(SOUND, tmp_path / "pack"))
    (copy / "9-notice.yaml").write_text(NOTICE, encoding="utf-8")
    return copy


class TestFile:
    """an `amends:` file: a later notice that changes clauses from a date on"""

    def test_holds(self, pack: Path) -> None:
        """A pack with an amendment is sound, the cases of both versions included."""
        report = check(pack, source=pack / "source.txt")
        assert report.diagnostics == ()
        assert report.book is not None
        names = [case.name for case in report.book.cases if case.rule == "equipment"]
        assert names[-2:] == ["修订前一日认定", "修订当日认定"]

    def test_says_the_notice(self, pack: Path) -> None:
        """The rule knows what became of it, and by which notice."""
        (version,) = incentives.load(pack)["equipment"].amended
        assert version == Version(
            amendment="notice-2026-07",
            since=date(2026, 7, 1),
            changes=(Change("award.cap", "100万元", "200万元"),),
            title="关于调整设备补助标准的通知（虚构）",
            english="notice on the equipment subsidy (invented)",
            number="云经〔2026〕X号",
            issuer="云桥区工信局（虚构）",
            quote="最高补助标准由100万元提高到200万元",
            note="其余不变。",
        )

    def test_in_chinese(self, pack: Path) -> None:
        """The same in Chinese keywords makes the same rule."""
        english = incentives.load(pack)["equipment"]
        (pack / "9-notice.yaml").write_text(CHINESE, encoding="utf-8")
        chinese = incentives.load(pack)["equipment"]
        assert evolve(chinese, amended=()) == evolve(english, amended=())
        assert chinese.amended[0].changes == english.amended[0].changes

    def test_digest(self, pack: Path) -> None:
        """A pack with an amendment is another one."""
        assert incentives.load(pack).digest != incentives.load(SOUND).digest

    def test_amended_again(self, pack: Path) -> None:
        """What a file amends can be amended in Python, for the same rule or another."""
        book = incentives.load(pack).amend(
            "equipment", cap="300万元", since="2027-01-01"
        )
        book = book.amend("growth", award={"otherwise": "1万元"})
        days = [version.since for version in book["equipment"].amended]
        assert days == [date(2026, 7, 1), date(2027, 1, 1)]
        (version,) = book["growth"].amended
        assert version.changes == (Change("award.otherwise", "0元", "1万元"),)

    def test_amendments_alone(self, tmp_path: Path) -> None:
        """Amendments are no rules."""
        for name in ("policy.yaml", "facts.yaml", "clauses.csv"):
            shutil.copy(SOUND / name, tmp_path / name)
        (tmp_path / "9-notice.yaml").write_text(NOTICE, encoding="utf-8")
        with pytest.raises(PackError) as error:
            incentives.load(tmp_path)
        codes = {diagnostic.code for diagnostic in error.value.diagnostics}
        assert "no-rules" in codes


def lines(text: str, *beginnings: str) -> list[str]:
    """The lines of a text that begin with certain words."""
    stripped = [line.strip() for line in text.split("\n")]
    return [line for line in stripped if line.startswith(beginnings)]


class TestWords:
    """Explanations say what changed, when, by which notice, and which version counts."""

    def told(self, book: RuleBook, day: object, lang: str = "zh") -> list[str]:
        text = found(book, day).explain(lang)
        return lines(text, "修订", "适用", "Amended", "What counts", "The notice")

    def test_before(self) -> None:
        """Of an event before the day, the old words count."""
        assert self.told(CAPPED, "2026-06-30") == [
            "修订：自2026年7月1日起，封顶由500万元改为800万元（amend(pilot-platform)）",
            "适用：2026年7月1日以前的条文（日期为2026年6月30日）",
        ]

    def test_after_in_english(self) -> None:
        """Of an event after the day, the new words count."""
        assert self.told(CAPPED, "2026-07-02", "en") == [
            (
                "Amended: from 2026-07-01 on, cap 500万元 becomes 800万元 "
                "(amend(pilot-platform))"
            ),
            "What counts: the words from 2026-07-01 on (the date is 2026-07-02)",
        ]

    def test_unknown(self) -> None:
        """While the day is unknown, that is what it depends on."""
        assert self.told(CAPPED, None)[1] == (
            "适用：修订前还是修订后的条文，取决于尚不知的日期"
        )

    def test_what_if(self) -> None:
        """A what-if is called one, and has no versions to choose from."""
        book = incentives.load(SOUND)
        reform = book.amend(
            "equipment", cap=None, cap_per=None, payer="区级", quote="（改写）"
        )
        text = catalogue.rule_in_full(reform["equipment"], reform)
        assert lines(text, "修订") == [
            (
                "修订（假设）：取消封顶（原为100万元）；取消封顶口径（原为platform, lifetime）；"
                "新增出资单位：区级（amend(equipment)）"
            ),
            "修订文件原文：“（改写）”",
        ]
        assert self.told(QUANZHOU.amend("pilot-platform", cap="800万元"), None) == [
            "修订（假设）：封顶由500万元改为800万元（amend(pilot-platform)）"
        ]

    def test_notice(self, pack: Path) -> None:
        """A notice is named with its number and issuer, quoted and noted."""
        book = incentives.load(pack)
        text = catalogue.rule_in_full(book["equipment"], book, "en")
        assert lines(text, "Amended", "The notice") == [
            (
                "Amended: from 2026-07-01 on, cap 100万元 becomes 200万元 "
                "(notice on the equipment subsidy (invented), 云经〔2026〕X号, "
                "云桥区工信局（虚构）)"
            ),
            'The notice: "最高补助标准由100万元提高到200万元"',
        ]
        (award,) = lines(text, "Award")
        assert award.endswith("capped at (¥2,000,000 − paid before)")
        assert "  说明：其余不变。" in catalogue.rule_in_full(
            book["equipment"], book
        ).split("\n")

    def test_reworded_only(self) -> None:
        """A clause in other words that come to the same is said to be reworded."""
        book = QUANZHOU.amend("pilot-platform", since=NOTICE_DAY, quote="（改写）")
        assert self.told(book, "2026-07-01")[0] == (
            "修订：自2026年7月1日起，条文改写（amend(pilot-platform)）"
        )

    def test_condition(self) -> None:
        """A new condition does not count for what happened before, and says so."""
        book = QUANZHOU.amend(
            "pilot-platform",
            since=NOTICE_DAY,
            conditions=["platform.market_operated", "platform.stage = “概念验证”"],
        )
        before, after = (
            found(book, day).explain() for day in ("2026-06-30", "2026-07-01")
        )
        start = "认定日期早于2026年7月1日，或中试阶段为“概念验证”"
        assert lines(before, f"✓ {start}", f"✗ {start}") == [f"✓ {start}"]
        assert lines(after, f"✓ {start}", f"✗ {start}") == [f"✗ {start}"]
        assert lines(after, "中试阶段") == ["中试阶段：现为“中试熟化”，须为“概念验证”"]
        assert "新增条件：platform.stage = “概念验证”" in after
        assert "取消条件（原为platform.chain in chains）" in after

    def test_other_subject(self) -> None:
        """For whom the rule is not, no version counts."""
        county = {"id": "晋江市", "kind": "county"}
        determination = incentives.evaluate(county, as_of=NOTICE_DAY, rules=CAPPED)
        told = determination["pilot-platform"].explain()
        assert lines(told, "适用") == []
        assert len(lines(told, "修订")) == 1

    def test_nothing_due(self) -> None:
        """What comes to nothing under the new words is not explained by its day."""
        determination = found(SHARED, "2026-07-01", equipment_cost=0)
        text = determination.explain()
        assert "不在任何一档" not in text
        assert lines(text, "设备购置费") != []

    def test_table(self) -> None:
        """The table of rules lists what was amended below it."""
        said = catalogue.rules_table(CAPPED).split("\n")
        assert said[-2:] == [
            "",
            (
                "pilot-platform：修订：自2026年7月1日起，封顶由500万元改为800万元"
                "（amend(pilot-platform)）"
            ),
        ]

    def test_data(self) -> None:
        """The rule as data lists its amendments."""
        for book, day in (
            (CAPPED, "2026-07-01"),
            (QUANZHOU.amend("pilot-platform", cap="800万元"), None),
        ):
            data = catalogue.rule_data(book["pilot-platform"], book)
            assert data["amended"] == [
                {
                    "amendment": "amend(pilot-platform)",
                    "from": day,
                    "changes": [
                        {"key": "award.cap", "old": "500万元", "new": "800万元"}
                    ],
                }
            ]

    def test_newest_award(self) -> None:
        """A catalogue shows what is granted by the last version, tiers and all."""
        book = QUANZHOU.amend(
            "county-excellence", since=NOTICE_DAY, award={"otherwise": "1万元"}
        )
        old, new = (
            catalogue.award_words(b["county-excellence"], b) for b in (QUANZHOU, book)
        )
        assert new == old
