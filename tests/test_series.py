"""Facts with a figure for every year: declared, validated, evaluated and worded."""

from decimal import Decimal
from pathlib import Path

import pytest

import incentives

from incentives.ir import Constant, Figure, InCalendar, Kind, Shift
from incentives.readers import NotReadableError
from incentives.vocabulary import FactDeclaration, YearlyFigures
from incentives.wording import Words
from tests.support.small_packs import book, mistakes

FIRM = "91350582MA31ABCD0M"
FACTS = """\
enterprise:
  revenue:
    label: 营业收入
    english: revenue
    type: money
    series: true
    question: 营业收入是多少？
    english question: What was the revenue?
  area:
    label: 用地面积
    english: site area
    type: number
    unit: 亩
    series: true
  profit: {label: 利润总额, english: profit, type: money, series: true, negative: true}
  grants: {label: 已获补助, english: grants, type: money, series: true, closed: 0元}
  grade: {label: 评级, english: grade, series: true, values: {a: 甲, b: 乙}}
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      output: {label: 产值, english: output, type: money, series: true}
"""
GROWTH = """\
conditions:
  - revenue[year(as_of) - 1年] ≥ 1亿元
  - growth(营业收入[2025], 营业收入[2024], 0%) ≥ 10%
award:
  rate: 1%
  of: revenue[2025] - revenue[2024]
"""


def firm(**facts):
    return {"id": FIRM, **facts}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return book(
        tmp_path_factory.mktemp("series"),
        FACTS,
        growth=GROWTH,
        land="conditions:\n  - area[2025] ≥ 3公顷\naward: 10万元\n",
        loss="conditions:\n  - profit[2025] < 0元\n  - grants[2025] = 0元\naward: 1万元\n",
        grade="conditions:\n  - grade[2025] = 甲\naward: 2万元\n",
        peak=(
            "conditions:\n  - largest(projects.output[2025], 0元) > 100万元\n"
            "award: 3万元\n"
        ),
    )


def outcome(pack, rule, **facts):
    found = incentives.evaluate(firm(**facts), rules=pack, as_of="2026-06-01")
    return found[rule]


class TestDeclaration:
    REVENUE = FactDeclaration("revenue", Kind.MONEY, yearly=True)

    def test_figures_are_sorted_by_year(self):
        """Years may come in any order, as texts or as numbers."""
        found = self.REVENUE.read({"2025": "2元", 2024: 1})
        assert found == YearlyFigures(((2024, Decimal(1)), (2025, Decimal(2))))
        assert self.REVENUE.read(found) == found

    def test_the_figure_of_a_year(self):
        """None where it is not known."""
        figures = YearlyFigures(((2024, Decimal(1)),))
        assert figures.of(2024) == 1
        assert figures.of(2025) is None

    @pytest.mark.parametrize("raw", [None, {}, {"2025": None}])
    def test_nothing_is_unknown(self, raw):
        """Without any figure the whole is unknown."""
        assert self.REVENUE.read(raw) is None

    @pytest.mark.parametrize(
        ("raw", "step", "said"),
        [
            ({"2025": "很多"}, "[2025]", "'很多' is not one exact amount"),
            ({"2025": -1}, "[2025]", "a negative amount: -1"),
            ({"1899": 1}, "[1899]", "a year outside 1900 to 2199: 1899"),
            ({"2o25": 1}, "['2o25']", "expected a year such as 2025, got '2o25'"),
            ({True: 1}, "[True]", "expected a year such as 2025, got True"),
            (
                {10**5000: 1},
                "[a huge integer]",
                "a year outside 1900 to 2199: a huge integer",
            ),
            ({"2025": 1, 2025: 2}, "[2025]", "this year is given twice"),
        ],
    )
    def test_mistakes(self, raw, step, said):
        """Each mistake is told of its year."""
        with pytest.raises(NotReadableError) as error:
            self.REVENUE.read(raw)
        ((where, inside),) = error.value.inside
        assert where == step
        assert str(inside).startswith(said)

    @pytest.mark.parametrize("raw", [5, "1亿元", ["1亿元"], True])
    def test_one_value(self, raw):
        """One value for all years is refused, with what to write."""
        with pytest.raises(NotReadableError, match="expected a figure for each year"):
            self.REVENUE.read(raw)


class TestRecords:
    def test_all_mistakes_at_once(self, pack):
        """Every wrong year of every fact is told, with its path."""
        record = firm(
            revenue={"2024": "很多", "2025": -5, "25": 1},
            area={"2024": "3人"},
            profit="亏损",
            grade={"2025": "丙"},
            projects=[{"id": "p", "output": {"2023": "x"}}],
        )
        with pytest.raises(incentives.RecordError) as error:
            incentives.evaluate(record, rules=pack)
        assert [
            (m.path, m.message.partition(";")[0]) for m in error.value.mistakes
        ] == [
            ("area[2024]", "'3人' is not in 亩"),
            ("grade[2025]", "expected one of 'a', 'b', got '丙'"),
            ("profit", "expected a figure for each year, got '亏损'"),
            ("projects[0].output[2023]", "'x' has no number"),
            ("revenue[2024]", "'很多' is not one exact amount"),
            ("revenue[2025]", "a negative amount: -5"),
            ("revenue['25']", "expected a year such as 2025, got '25'"),
        ]

    def test_there_and_back_again(self, pack):
        """What is read is written for JSON, and reading that gives the same."""
        record = firm(
            revenue={"2025": "1.5亿元", "2024": 100},
            area={"2025": "1公顷"},
            profit={"2025": "-3万元"},
            grade={"2025": "甲"},
            projects=[{"id": "p", "output": {"2025": "5元"}}],
        )
        read = incentives.Enterprise.from_dict(record, rules=pack)
        written = read.to_dict()
        assert written == {
            "id": FIRM,
            "area": {"2025": "15"},
            "grade": {"2025": "a"},
            "profit": {"2025": "-30000"},
            "projects": [{"id": "p", "output": {"2025": "5"}}],
            "revenue": {"2024": "100", "2025": "150000000"},
        }
        assert incentives.Enterprise.from_dict(written, rules=pack) == read
        assert incentives.evaluate(read, rules=pack).total >= 0

    def test_figures_given_in_python(self, pack):
        """A record built by hand holds `YearlyFigures`, which are read once more."""
        figures = YearlyFigures(((2025, Decimal(7)),))
        by_hand = incentives.Enterprise(id=FIRM, facts={"revenue": figures})
        found = incentives.evaluate(by_hand, rules=pack, as_of="2026-06-01")
        assert found["growth"].missing == ()
        wrong = YearlyFigures(((2025, "x"),))
        with pytest.raises(incentives.RecordError, match=r"revenue\[2025\]: 'x'"):
            incentives.evaluate(
                incentives.Enterprise(id=FIRM, facts={"revenue": wrong}), rules=pack
            )


class TestEvaluation:
    def test_growth(self, pack):
        """Ten percent more than the year before is enough; less is not."""
        enough = outcome(pack, "growth", revenue={"2024": "1亿元", "2025": "1.1亿元"})
        assert enough.amount == 100_000
        less = outcome(pack, "growth", revenue={"2024": "1亿元", "2025": "1.09亿元"})
        assert less.outcome is incentives.Outcome.INELIGIBLE

    def test_a_missing_year_is_named(self, pack):
        """Only the year that is needed is missing."""
        found = outcome(pack, "growth", revenue={"2025": "2亿元"})
        assert found.outcome is incentives.Outcome.UNDETERMINED
        assert found.missing == ("revenue[2024]",)
        nothing = outcome(pack, "growth")
        assert nothing.missing == ("revenue[2024]", "revenue[2025]")

    def test_units(self, pack):
        """Three hectares are 45亩."""
        assert outcome(pack, "land", area={"2025": 45}).amount == 100_000
        assert outcome(pack, "land", area={"2025": "44.9亩"}).amount == 0

    def test_losses_and_closed_figures(self, pack):
        """A loss is negative; a year without a grant had none."""
        assert outcome(pack, "loss", profit={"2025": "-1元"}).amount == 10_000
        paid = outcome(pack, "loss", profit={"2025": "-1元"}, grants={"2025": "1元"})
        assert paid.amount == 0

    def test_enumerations(self, pack):
        """The grade of a year is one of those declared, by either name."""
        assert outcome(pack, "grade", grade={"2025": "甲"}).amount == 20_000
        assert outcome(pack, "grade", grade={"2025": "b"}).amount == 0

    def test_figures_of_records(self, pack):
        """The figure of a year that one of the records lacks is named."""
        projects = [{"id": "p", "output": {"2024": "5元"}}]
        found = outcome(pack, "peak", projects=projects)
        assert found.missing == ("projects[0].output[2025]",)
        more = [*projects, {"id": "q", "output": {"2025": "101万元"}}]
        assert outcome(pack, "peak", projects=more).amount == 30_000


class TestWords:
    def figure(self, pack, year):
        fact = pack.vocabulary["enterprise"].facts["revenue"].as_fact()
        return Figure(fact, year)

    def test_a_year_that_is_written(self, pack):
        """The label and the year."""
        node = self.figure(pack, Constant(2025, Kind.YEAR))
        zh, en = (Words(pack.vocabulary, "enterprise", lang) for lang in ("zh", "en"))
        assert (zh.term(node), en.term(node)) == (
            "营业收入（2025年）",
            "revenue (2025)",
        )

    def test_a_year_that_is_computed(self, pack):
        """The label, and how the year is found."""
        rule = pack["growth"].requirements
        conditions = [requirement.condition for requirement in rule]
        zh = Words(pack.vocabulary, "enterprise")
        assert "营业收入（上一年度） ≥ 1亿元" in map(zh.condition, conditions)
        assert "营业收入（2024年）到营业收入（2025年）的增长率 ≥ 10%" in map(
            zh.condition, conditions
        )

    @pytest.mark.parametrize(
        ("path", "zh", "en"),
        [
            ("revenue", "营业收入", "revenue"),
            ("revenue[2024]", "营业收入（2024年）", "revenue (2024)"),
            (
                "projects[1].output[2025]",
                "项目2·产值（2025年）",
                "output (2025) (projects #2)",
            ),
            ("projects[0]", "项目1", "projects #1"),
        ],
    )
    def test_paths(self, pack, path, zh, en):
        """A missing figure is called by its label and year."""
        said = [
            Words(pack.vocabulary, "enterprise", lang).path(path)
            for lang in ("zh", "en")
        ]
        assert said == [zh, en]

    def test_units_in_conditions_and_workings(self, pack):
        """A bound is said in the unit of the fact that it is for."""
        zh = Words(pack.vocabulary, "enterprise")
        (land,) = [
            said
            for requirement in pack["land"].requirements
            if "用地面积" in (said := zh.condition(requirement.condition))
        ]
        assert land == "用地面积（2025年） ≥ 45亩"


def test_a_year_computed_from_an_event(tmp_path: Path):
    """The year before an event of the record at hand."""
    pack = book(
        tmp_path,
        FACTS.replace(
            "      output:",
            "      done: {label: 竣工日期, english: done, type: date}\n      output:",
        ),
        bonus=(
            "each: project\nevent: project.done\n"
            "conditions:\n  - project.output[year(project.done)] ≥ 5元\naward: 1万元\n"
        ),
    )
    (requirement,) = [
        requirement
        for requirement in pack["bonus"].requirements
        if "产值"
        in Words(pack.vocabulary, "enterprise").condition(requirement.condition)
    ]
    figure = requirement.condition.left
    assert isinstance(figure, Figure)
    assert isinstance(figure.year, InCalendar)
    found = incentives.evaluate(
        firm(projects=[{"id": "p", "done": "2026-03-01"}]),
        rules=pack,
        as_of="2026-06-01",
    )
    assert found.missing == ("projects[0].output[2026]",)
    unknown = incentives.evaluate(
        firm(projects=[{"id": "p", "output": {"2026": "5元"}}]),
        rules=pack,
        as_of="2026-06-01",
    )
    assert unknown.missing == ("projects[0].done",)


def test_mistakes_of_authors(tmp_path: Path):
    """A year that is missing, and one too many, are told in one go."""
    said = mistakes(
        tmp_path,
        FACTS,
        a="conditions:\n  - revenue ≥ 5元\naward: 1万元\n",
        b="conditions:\n  - county[2025] = “甲”\naward: 1万元\n",
    )
    assert said == [
        "1-a.yaml:6:5: error[year-missing]: 'revenue' has a figure for each year",
        "2-b.yaml:6:5: error[no-figures]: 'county' has one value, not one for each year",
    ]


def test_shifts_are_of_years():
    """The kernel of `year(as_of) - 1年` moves a year, not a day."""
    from incentives.dates import Period  # noqa: PLC0415  # only here
    from tests.support.written import fact, term  # noqa: PLC0415  # likewise

    found = term("revenue[since - 1年]")
    year = Shift(fact("since"), Period(years=1), back=True)
    assert found == Figure(fact("revenue"), year)
