"""The keys of rule files and their cases: their order, and the form of each value."""

from ..words import VALUES
from .award_forms import AMOUNT
from .form_kinds import (
    EXPRESSION,
    NAME,
    STATEMENT,
    TEXT,
    Either,
    Given,
    Key,
    Leaf,
    ListOf,
    Named,
    Ref,
    Says,
    Shape,
    Worded,
    one_word,
)

_CONDITIONS = ListOf(Ref("condition"))
CONDITION = Worded(
    (
        Shape(
            "all of",
            (Key("all of", _CONDITIONS, "同时满足", "all of these", required=True),),
        ),
        Shape(
            "any of",
            (Key("any of", _CONDITIONS, "满足其一", "one of these", required=True),),
        ),
        Shape(
            "at least",
            (
                Key(
                    "at least", Leaf(Says.WHOLE), "至少几项", "how many", required=True
                ),
                Key("of", _CONDITIONS, "下列条件", "of these", required=True),
            ),
        ),
    )
)

_EXPECTATION = Leaf(Says.EXPECTATION, tuple(VALUES.groups["outcome"]), "outcome")

EXPECT = Shape(
    "expect",
    (
        Key("outcome", one_word("outcome"), "结果", "the outcome"),
        Key("amount", Leaf(Says.MONEY), "金额", "the amount"),
        Key("low", Leaf(Says.MONEY), "可能的最低金额", "the least it can be"),
        Key("high", Leaf(Says.MONEY), "可能的最高金额", "the most it can be"),
        Key(
            "repayable",
            Leaf(Says.MONEY),
            "应追回的已付金额",
            "what must be given back",
        ),
        Key("reason", one_word("reason"), "不予奖补的理由", "why it is so"),
        Key("missing", Leaf(Says.PATH), "尚缺的事实", "a fact that is missing"),
        Key(
            "otherwise",
            Named(_EXPECTATION),
            "其他读法下的结果，如 last-day=excluded: 不符合",
            "what comes of other readings, as last-day=excluded: ineligible",
        ),
    ),
)

CASE = Shape(
    "case",
    (
        Key("name", STATEMENT, "用例名称", "what the case shows", required=True),
        Key(
            "as of",
            Leaf(Says.DATE),
            "在哪一日判断",
            "the day asked about",
            required=True,
        ),
        Key("readings", Named(NAME), "采用的读法", "readings that differ"),
        Key("given", Given(), "已知的事实", "the facts", required=True),
        Key(
            "expect",
            Either(
                (_EXPECTATION, EXPECT),
            ),
            "应得的金额或结果",
            "what must come of it",
            required=True,
        ),
    ),
)

INSTALMENT = Shape(
    "pay",
    (
        Key("label", TEXT, "名目", "what it is called"),
        Key("share", Ref("amount"), "占奖补总额的比例", "its share of the award"),
        Key("amount", Ref("amount"), "本期金额", "its amount"),
        Key("on", EXPRESSION, "应付之日", "the day on which it is due", required=True),
        Key("by", EXPRESSION, "最迟之日，过期失效", "the last day on which it can be"),
        Key("if", EXPRESSION, "本期的条件", "what else must hold"),
    ),
)

CLAW_BACK = Shape(
    "claw back",
    (
        Key("label", TEXT, "名目", "what it is called"),
        Key("if", EXPRESSION, "何种情形下追回", "when it is due", required=True),
        Key("share", Ref("amount"), "追回已付的比例", "the share to be given back"),
    ),
)

PAYER = Shape(
    "payer",
    (
        Key("who", STATEMENT, "出资方", "who pays", required=True),
        Key(
            "share",
            Either((Leaf(Says.EXPRESSION, ("rest",)), AMOUNT)),
            "份额，或“其余”",
            "its share, or 'rest'",
            required=True,
        ),
    ),
)

_INHERITED = Leaf(Says.DATE, ("inherit", "the date"))

RULE = Shape(
    "rule",
    (
        Key("rule", Leaf(Says.ID), "规则的编号", "the id of the rule", required=True),
        Key("title", STATEMENT, "规则的标题", "its title in Chinese", required=True),
        Key("english", TEXT, "英文标题", "its title in English"),
        Key("clause", STATEMENT, "条款号", "the number of the clause", required=True),
        Key(
            "quote",
            STATEMENT,
            "条款原文，一字不差",
            "the clause verbatim",
            required=True,
        ),
        Key("implied", ListOf(TEXT, empty=True), "原文未写的条件", "what is implied"),
        Key("note", TEXT, "说明", "a note"),
        Key("subject", one_word("subject"), "适用于谁", "whom it is for"),
        Key("each", Leaf(Says.BINDER), "对哪一类记录逐项判断", "one item per record"),
        Key("label", EXPRESSION, "各项以何为名", "what an item is called"),
        Key("event", EXPRESSION, "事项发生之日", "the day of the event"),
        Key("application", EXPRESSION, "申请之日", "the day of the application"),
        Key(
            "dated by",
            Leaf(Says.EXPRESSION, ("event", "application", "inherit")),
            "何日须在有效期内",
            "which day must lie in force",
        ),
        Key("effective", _INHERITED, "施行之日", "the first day in force"),
        Key("sunset", _INHERITED, "有效期的最后一日", "the last day in force"),
        Key("payer", TEXT, "出资单位", "who pays"),
        Key("payers", ListOf(PAYER), "各出资方及其份额", "who pays which share"),
        Key("departments", TEXT, "责任部门", "the departments"),
        Key("define", Named(Ref("amount")), "本规则自定的名称", "names for values"),
        Key("conditions", _CONDITIONS, "条件", "the conditions"),
        Key("excluded", _CONDITIONS, "有其一即不予奖补", "who gets nothing"),
        Key("award", Ref("award"), "奖补标准", "what is granted"),
        Key(
            "once",
            Leaf(Says.PER, ("none",)),
            "只奖一次的范围，如“每家企业”",
            "once per what: 'per enterprise'",
        ),
        Key(
            "at most",
            Leaf(Says.TIMES),
            "总共至多几次、几年，如“3次”“3年”",
            "how often in all: '3 times', '3 years', '2 times in 36个月'",
        ),
        Key("pay", ListOf(INSTALMENT), "分期拨付", "the instalments"),
        Key("claw back", ListOf(CLAW_BACK), "追回已付奖补", "what is given back"),
        Key("cases", ListOf(CASE), "用例", "worked cases"),
    ),
)
