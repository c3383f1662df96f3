"""A small scope to write expressions in: units, yearly figures, records, qualifications."""

from fractions import Fraction

from incentives import ir
from incentives.errors import Place
from incentives.facts import core_vocabulary
from incentives.ir import Constant, Fact, Kind
from incentives.language import expressions
from incentives.language.expressions.scope import Boundaries, Scope
from incentives.language.nodes import Problems, Scalar
from incentives.vocabulary import (
    PLAIN_VALUE,
    EnumerationValue,
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
)

FACTS = [
    FactDeclaration("city", Kind.TEXT, label="注册地"),
    FactDeclaration("output", Kind.MONEY, label="产值"),
    FactDeclaration("cost", Kind.MONEY, label="成本"),
    FactDeclaration("profit", Kind.MONEY, label="利润", negative=True),
    FactDeclaration("heads", Kind.NUMBER, label="人数", unit="人"),
    FactDeclaration("area", Kind.NUMBER, label="用地面积", unit="亩"),
    FactDeclaration("rent", Kind.MONEY, label="租金单价", unit="元/平方米"),
    FactDeclaration("exports", Kind.NUMBER, label="出口额", unit="万美元"),
    FactDeclaration("score", Kind.NUMBER, label="评分"),
    FactDeclaration("share", Kind.RATE, label="占比"),
    FactDeclaration("founded", Kind.DATE, label="成立日期"),
    FactDeclaration("moved", Kind.DATE, label="迁入日期"),
    FactDeclaration("since", Kind.YEAR, label="入统年度"),
    FactDeclaration("listed", Kind.BOOLEAN, label="已上市"),
    FactDeclaration("revenue", Kind.MONEY, label="营业收入", yearly=True),
    FactDeclaration("staff", Kind.NUMBER, label="年均人数", unit="人", yearly=True),
    FactDeclaration("level", Kind.TEXT, label="等级"),
    FactDeclaration("grade", Kind.TEXT, label="等级"),
]
FIELDS = [
    FactDeclaration("cost", Kind.MONEY, label="总投资"),
    FactDeclaration("plan", Kind.MONEY, label="计划投资"),
    FactDeclaration("first", Kind.BOOLEAN, label="首台套"),
    FactDeclaration("area", Kind.NUMBER, label="建筑面积", unit="平方米"),
    FactDeclaration("done", Kind.DATE, label="竣工日期"),
    FactDeclaration("kind", Kind.TEXT, label="类别"),
    FactDeclaration("output", Kind.MONEY, label="产出", yearly=True),
]
PROJECTS = RecordDeclaration(
    "projects",
    "project",
    {f.name: f for f in FIELDS},
    label="项目",
    english="projects",
    at_most=3,
)
PRIZES = RecordDeclaration(
    "prizes", "prize", {"sum": FactDeclaration("sum", Kind.MONEY, label="奖金")}
)
TITLES = RecordDeclaration(
    "titles",
    "titles",
    {
        PLAIN_VALUE: FactDeclaration(
            PLAIN_VALUE,
            Kind.TEXT,
            label="资质",
            values=(
                EnumerationValue("high-tech", "高新技术企业", "high-tech enterprise"),
                EnumerationValue("little-giant", "小巨人", "little giant"),
            ),
            aliases={"高企": "high-tech"},
        )
    },
    label="资质",
    english="titles",
    key=PLAIN_VALUE,
    plain=True,
)
CODES = RecordDeclaration(
    "codes",
    "codes",
    {PLAIN_VALUE: FactDeclaration(PLAIN_VALUE, Kind.NUMBER, label="代码")},
    label="代码",
    key=PLAIN_VALUE,
    plain=True,
)
AWARDS = core_vocabulary()["enterprise"].records["awards"]
LISTS = (PROJECTS, PRIZES, TITLES, CODES, AWARDS)
SUBJECT = SubjectDeclaration(
    {f.name: f for f in FACTS}, {each.records: each for each in LISTS}
)
SCOPE = Scope(
    SUBJECT,
    {},
    definitions={"twice": Constant(200, Kind.MONEY)},
    policy="p-1",
    rule="r-1",
    units=("标段",),
)
#: The same inside a rule with `each: project`.
IN_PROJECT = Scope(SUBJECT, {}, PROJECTS, policy="p-1", rule="r-1")
#: 以上 and 以下 without the number itself.
OPEN = Scope(SUBJECT, {}, boundaries=Boundaries(False, False))  # noqa: FBT003  # both


def fact(name: str) -> Fact:
    return SUBJECT.facts[name].as_fact()


def field(name: str, records: RecordDeclaration = PROJECTS) -> Fact:
    """A field of a list that an aggregate looks at."""
    return records.fields[name].as_fact(records.records)


def yuan(amount: int) -> Constant:
    return Constant(amount * 100, Kind.MONEY)


def number(value: int | Fraction, *unit: tuple[str, int]) -> Constant:
    return Constant(Fraction(value), Kind.NUMBER, unit)


def rate(share: Fraction | int) -> Constant:
    return Constant(Fraction(share), Kind.RATE)


def scalar(written: str) -> Scalar:
    return Scalar(written, Place("r.yaml", 1, 1, len(written) + 1, written), (1,))


def term(
    written: str, scope: Scope = SCOPE, kind: Kind | None = None
) -> ir.Term | None:
    """What an expression comes to; nothing is wrong with it."""
    problems = Problems()
    found = expressions.term(scalar(written), scope, problems, kind)
    assert [str(problem) for problem in problems.found] == []
    return found


def condition(written: str, scope: Scope = SCOPE) -> ir.Condition | None:
    """What a condition comes to; nothing is wrong with it."""
    problems = Problems()
    found = expressions.condition(scalar(written), scope, problems)
    assert [str(problem) for problem in problems.found] == []
    return found


def wrong(written: str, scope: Scope = SCOPE) -> tuple[str, str, str | None, str]:
    """Of a condition with one mistake: code, message, help and what is underlined."""
    problems = Problems()
    assert expressions.condition(scalar(written), scope, problems) is None
    (problem,) = problems.found
    place = problem.place
    underlined = written[place.column - 1 : place.end - 1]
    return problem.code, problem.message, problem.help, underlined
