"""Small rule books made of kernel nodes at random, over the facts of an enterprise.

What holds for them holds for every pack that may be written, not only for the one
that is bundled. Their conditions and amounts make no sense on purpose.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve
from hypothesis import strategies as st

import incentives

from incentives import ReasonCode, Rule, RuleBook, ir
from incentives.dates import Period
from incentives.grouping import Group, Highest, Past
from incentives.ir import Comparison, Kind
from incentives.money import Rounding
from incentives.policy import Clause, Each, Policy, Requirement, Status, Window
from incentives.standards import Cash, Combination, Discretionary, NonCash
from incentives.vocabulary import FactDeclaration, Vocabulary
from tests.property.strategies import (
    COSTS,
    EDGES,
    EVENTS,
    FIRM,
    YEARS,
    awards,
    numbered,
)

#: The lists that rules look at: binder, and how many records if they are unknown.
LISTS = {"platforms": ("platform", 2), "listings": ("listing", None)}


def _vocabulary() -> Vocabulary:
    """The facts of the bundled pack, and figures for each year."""
    known = incentives.bundled().vocabulary
    firms = known["enterprise"]
    profit = FactDeclaration("profit", Kind.MONEY, yearly=True, negative=True)
    more = evolve(firms, facts={**firms.facts, "profit": profit})
    return evolve(known, subjects={**known.subjects, "enterprise": more})


VOCABULARY = _vocabulary()
DAYS = st.sampled_from([date.fromisoformat(day) for day in EDGES])
FEN = st.sampled_from([0, 1, 300_000_000, 500_000_000, 1_666_666_667, -100_000_000])
SHARES = st.sampled_from([Fraction(0), Fraction(3, 10), Fraction(1), Fraction(-1, 3)])
COUNTS = st.sampled_from([Fraction(n) for n in (0, 1, 2, 30, 366, -1)])
#: One small alphabet for every text, so that texts are often equal.
WORDS = st.sampled_from(["泉州市", "晋江市", "石狮市"])

#: Firms of which every fact is known that these rules read, and not many others.
FIRMS = st.fixed_dictionaries(
    {
        "id": st.just(FIRM),
        "city": WORDS,
        "county": WORDS,
        "technology_sme": st.booleans(),
        "profit": st.dictionaries(
            st.sampled_from(["2024", "2025", "2026"]),
            st.sampled_from(["0", "0.01", "3000000", "-1000000"]),
            min_size=2,
        ),
        "listings": st.lists(
            st.fixed_dictionaries(
                {
                    "list": WORDS,
                    "year": YEARS,
                    "published": EVENTS,
                }
            ),
            max_size=2,
        ),
        "platforms": numbered(
            st.fixed_dictionaries(
                {
                    "chain": WORDS,
                    "market_operated": st.booleans(),
                    "recognised": EVENTS,
                    "equipment_cost": COSTS,
                    "software_cost": COSTS,
                    "fiscal_funding": COSTS,
                }
            ),
            "p",
        ),
        "awards": awards(["r0", "r1"]),
    }
)

Scopes = frozenset[str]
ANYWHERE: Scopes = frozenset()
Terms = st.SearchStrategy[ir.Term]


def constant(values: st.SearchStrategy[ir.Value], kind: Kind) -> Terms:
    return values.map(lambda value: ir.Constant(value, kind))


def facts(kind: Kind, scopes: Scopes) -> list[ir.Term]:
    """The facts of a kind that can be read where these records are at hand."""
    found: list[tuple[str, str]] = []
    match kind:
        case Kind.TEXT:
            found = [("city", ""), ("county", "")]
            found += [("chain", "platform")] if "platform" in scopes else []
            found += [("list", "listing")] if "listing" in scopes else []
        case Kind.BOOLEAN:
            found = [("technology_sme", "")]
            found += [("market_operated", "platform")] if "platform" in scopes else []
        case Kind.DATE:
            found += [("recognised", "platform")] if "platform" in scopes else []
            found += [("published", "listing")] if "listing" in scopes else []
        case Kind.YEAR:
            found += [("year", "listing")] if "listing" in scopes else []
        case Kind.MONEY if "platform" in scopes:
            costs = ("equipment_cost", "software_cost", "fiscal_funding")
            found = [(name, "platform") for name in costs]
        case _:
            pass
    low = 0 if kind is Kind.MONEY else None
    return [ir.Fact(name, kind, scope, low=low) for name, scope in found]


def leaves(kind: Kind, scopes: Scopes) -> Terms:
    known = facts(kind, scopes)
    written: dict[Kind, Terms] = {
        Kind.TEXT: constant(WORDS, kind),
        Kind.BOOLEAN: constant(st.booleans(), kind),
        Kind.MONEY: constant(FEN, kind),
        Kind.RATE: constant(SHARES, kind),
        Kind.NUMBER: constant(COUNTS, kind),
        Kind.YEAR: constant(st.sampled_from([2024, 2025, 2026]), kind),
        Kind.DATE: st.one_of(
            constant(DAYS, kind),
            st.just(ir.AsOf()),
            st.just(
                ir.Uncertain(
                    date(2024, 1, 1), date(2024, 12, 31), "policy.effective_date"
                )
            ),
        ),
    }
    if not known:
        return written[kind]
    return st.one_of(*[st.sampled_from(known)] * 3, written[kind])


@st.composite
def terms(  # noqa: C901, PLR0912  # one case for every node
    draw: st.DrawFn, kind: Kind, scopes: Scopes, depth: int = 2
) -> ir.Term:
    """A term of a kind; `depth` is how many nodes may stand above a leaf."""
    if depth == 0:
        return draw(leaves(kind, scopes))

    def part(of: Kind = kind) -> ir.Term:
        return draw(terms(of, scopes, depth - 1))

    shapes = ["leaf", "choose"]
    shapes += {
        Kind.MONEY: [
            *("add", "negate", "multiply", "least", "greatest", "round"),
            *("lookup", "sum", "extreme", "quotient", "figure", "figure"),
            *("share", "share"),
        ],
        Kind.DATE: ["shift", "first", "last", "least", "greatest", "extreme"],
        Kind.YEAR: ["year", "extreme"],
        Kind.NUMBER: ["elapsed", "elapsed", "sum", "extreme", "add", "round"],
        Kind.RATE: ["ratio", "ratio"],
    }.get(kind, [])
    match draw(st.sampled_from(shapes)):
        case "choose":
            branch = ir.Branch(draw(conditions(scopes, depth - 1)), part())
            return ir.Choose((branch,), part())
        case "add":
            return ir.Add((part(), part()))
        case "negate":
            return ir.Negate(part())
        case "multiply":
            return ir.Multiply(part(Kind.RATE), part())
        case "share":
            share, of = draw(constant(SHARES, Kind.RATE)), part()
            return ir.Multiply(*draw(st.permutations([share, of])))
        case "least":
            return ir.Least((part(), part()))
        case "greatest":
            return ir.Greatest((part(), part()))
        case "round":
            unit = draw(st.sampled_from([1, 100, 1_000_000]))
            return ir.Round(part(), unit, draw(st.sampled_from(Rounding)))
        case "shift":
            period = draw(
                st.sampled_from([Period(months=1), Period(days=1), Period(3)])
            )
            return ir.Shift(part(), period, draw(st.booleans()))
        case "first":
            return ir.InCalendar(ir.Calendar.FIRST_DAY_OF, part(Kind.YEAR))
        case "last":
            return ir.InCalendar(ir.Calendar.LAST_DAY_OF, part(Kind.YEAR))
        case "year":
            return ir.InCalendar(ir.Calendar.YEAR_OF, part(Kind.DATE))
        case "lookup":
            rows: Mapping[tuple[ir.Value, ...], ir.Value] = {
                ("晋江市",): 300_000_000,
                ("石狮市",): 200_000_000,
            }
            return ir.Lookup("t", "c", (part(Kind.TEXT),), rows, part())
        case "sum":
            records = draw(st.sampled_from(sorted(LISTS)))
            binder, at_most = LISTS[records]
            inside = scopes | {binder}
            where = draw(conditions(inside, depth - 1))
            term = draw(terms(kind, inside, depth - 1))
            return ir.Sum(records, binder, where, term, at_most)
        case "extreme":
            records = draw(st.sampled_from(sorted(LISTS)))
            binder = LISTS[records][0]
            inside = scopes | {binder}
            where = draw(conditions(inside, depth - 1))
            term = draw(terms(kind, inside, depth - 1))
            return ir.Extreme(records, binder, where, term, draw(st.booleans()), part())
        case "quotient":
            return ir.Quotient(part(), part(Kind.NUMBER), part())
        case "ratio":
            return ir.Quotient(part(Kind.MONEY), part(Kind.MONEY), part())
        case "elapsed":
            span = draw(st.sampled_from(ir.Span))
            return ir.Elapsed(span, part(Kind.DATE), part(Kind.DATE))
        case "figure":
            return ir.Figure(ir.Fact("profit", Kind.MONEY), part(Kind.YEAR))
        case _:
            return draw(leaves(kind, scopes))


@st.composite
def conditions(draw: st.DrawFn, scopes: Scopes, depth: int = 2) -> ir.Condition:
    """A condition over the facts that can be read here."""

    def deeper() -> ir.Condition:
        return draw(conditions(scopes, depth - 1))

    shapes = ["compare", "compare", "holds", "member"]
    shapes += ["all", "any", "not", "exists"] if depth else []
    below = max(0, depth - 1)
    match draw(st.sampled_from(shapes)):
        case "holds":
            return ir.Holds(draw(terms(Kind.BOOLEAN, scopes, below)))
        case "member":
            term = draw(terms(Kind.TEXT, scopes, below))
            rows = draw(st.sets(WORDS, max_size=3))
            return ir.Member((term,), frozenset((row,) for row in rows))
        case "all":
            return ir.All((deeper(), deeper()))
        case "any":
            return ir.Any((deeper(), deeper()))
        case "not":
            return ir.Not(deeper())
        case "exists":
            records = draw(st.sampled_from(sorted(LISTS)))
            binder = LISTS[records][0]
            where = draw(conditions(scopes | {binder}, depth - 1))
            return ir.Exists(records, binder, where)
        case _:
            kind = draw(st.sampled_from([k for k in Kind if k is not Kind.BOOLEAN]))
            allowed = (
                list(Comparison) if kind.ordered else [Comparison.EQ, Comparison.NE]
            )
            return ir.Compare(
                draw(st.sampled_from(allowed)),
                draw(terms(kind, scopes, below)),
                draw(terms(kind, scopes, below)),
            )


CODES = st.sampled_from(
    [ReasonCode.CONDITION_UNMET, ReasonCode.EXPIRED, ReasonCode.EXCLUDED]
)
WINDOW = Window(None, date(2027, 12, 31), date(2024, 1, 1), date(2024, 12, 31))


@st.composite
def rules(draw: st.DrawFn, rule_id: str, others: tuple[str, ...] = ()) -> Rule:
    """A rule over the subject itself or each record of a list; it may use others."""
    records = draw(st.sampled_from(["", *LISTS]))
    binder, at_most = LISTS.get(records, ("", None))
    scopes = frozenset({binder}) if binder else ANYWHERE
    wanted = draw(st.lists(conditions(scopes), min_size=1, max_size=2))
    amount = draw(terms(Kind.MONEY, scopes, 3))
    used = draw(st.sampled_from(["", *others]))
    if used:
        amount = ir.Add((amount, ir.Negate(ir.Entitlement(used))))
    money = ir.Greatest((ir.Constant(0, Kind.MONEY), amount))
    key = st.sampled_from([None, *facts(Kind.TEXT, scopes), *facts(Kind.YEAR, scopes)])
    cash = Cash(
        ir.Round(money, 1, Rounding.HALF_UP),
        draw(st.sampled_from(Combination)),
        draw(key),
    )
    return Rule(
        id=rule_id,
        title=rule_id,
        clause=Clause("一", "（虚构）"),
        subject="enterprise",
        requirements=tuple(Requirement(draw(CODES), c) for c in wanted),
        award=draw(
            st.sampled_from([cash, cash, cash, NonCash("支持"), Discretionary("酌情")])
        ),
        window=WINDOW,
        each=Each(records, binder, at_most=at_most) if records else None,
        uses=(used,) if used else (),
    )


#: All that was paid before, under whichever policy.
PAST = Past(
    ir.All(()),
    ir.Fact("rule", Kind.TEXT, "award"),
    ir.Fact("amount", Kind.MONEY, "award", low=0),
)


#: A book to read records by, which knows the rules of their awards.
READER = RuleBook(
    policy=Policy("invented", "（虚构）", "（虚构）", Status.ISSUED),
    vocabulary=VOCABULARY,
    rules=tuple(
        Rule(
            id=rule_id,
            title=rule_id,
            clause=Clause("一", "（虚构）"),
            subject="enterprise",
            requirements=(),
            award=NonCash("支持"),
            window=WINDOW,
        )
        for rule_id in ("r0", "r1")
    ),
    groups=(),
    declared_readings={},
    readings={},
    digest="",
    interpret=lambda _: incentives.bundled(),
)


@st.composite
def rule_books(draw: st.DrawFn, fewest: int = 2, most: int = 3) -> RuleBook:
    """A few rules; those that grant money may be an exclusive group."""
    ids = ["r0", "r1", "r2"][: draw(st.integers(fewest, most))]
    made: tuple[Rule, ...] = ()
    for rule_id in ids:
        cash = tuple(rule.id for rule in made if isinstance(rule.award, Cash))
        made = (*made, draw(rules(rule_id, cash)))
    group = [rule.id for rule in made if isinstance(rule.award, Cash)]
    groups: tuple[Group, ...] = ()
    if len(group) > 1 and draw(st.booleans()):
        groups = (Group("g", tuple(group), Highest(PAST)),)
    return RuleBook(
        policy=Policy("invented", "（虚构）", "（虚构）", Status.ISSUED),
        vocabulary=VOCABULARY,
        rules=made,
        groups=groups,
        declared_readings={},
        readings={},
        digest="",
        interpret=lambda _: incentives.bundled(),
    )
