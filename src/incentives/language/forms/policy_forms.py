"""The keys of policy.yaml and facts.yaml: their order, and the form of each value."""

from .form_kinds import (
    EXPRESSION,
    NAME,
    STATEMENT,
    TEXT,
    TRUTH,
    Either,
    Key,
    Leaf,
    ListOf,
    Named,
    Ref,
    Says,
    Shape,
    one_word,
)

MEANING = Shape(
    "meaning",
    (
        Key("label", STATEMENT, "中文名称", "its name in Chinese", required=True),
        Key("english", TEXT, "英文名称", "its name in English"),
    ),
)

_MEANINGS = Named(Either((TEXT, MEANING)))

READING = Shape(
    "declared reading",
    (
        Key("question", STATEMENT, "有歧义的问题", "what is ambiguous", required=True),
        Key("ambiguity", TEXT, "歧义的编号", "its number in the list of ambiguities"),
        Key("any date", TRUTH, "是否可取任何日期", "whether any day may be read"),
        Key("try", ListOf(Leaf(Says.DATE)), "试算用的日期", "the days to try"),
        Key("values", _MEANINGS, "各取值，首个为默认", "the values", required=True),
    ),
)

_MEMBERS = Either((ListOf(NAME), one_word("members")))

GROUP = Shape(
    "group",
    (
        Key("group", STATEMENT, "组的名称", "the name of the group", required=True),
        Key("english", TEXT, "英文名称", "its name in English"),
        Key("rules", _MEMBERS, "组内的规则", "its rules, or all", required=True),
        Key("mode", one_word("mode"), "如何叠加", "how they stack"),
        Key(
            "per",
            Leaf(Says.BINDER, ("none",)),
            "就高的范围：逐项各取最高",
            "the records of which each is paid under one rule only",
        ),
        Key(
            "cap",
            Leaf(Says.EXPRESSION, ("none",)),
            "合计至多为此数",
            "at most this together",
        ),
        Key(
            "cap per",
            Leaf(Says.PERIOD, ("lifetime", "per year")),
            "封顶的期间，如“每年”或“36个月”",
            "for how long the cap counts: 'per year', '36个月'",
        ),
        Key("when exceeded", one_word("sharing"), "超出时谁让步", "who gives way"),
    ),
)

BUDGET = Shape(
    "budget",
    (
        Key("budget", STATEMENT, "预算的名称", "the name of the budget", required=True),
        Key("english", TEXT, "英文名称", "its name in English"),
        Key("rules", _MEMBERS, "由它支付的规则", "its rules, or all", required=True),
        Key(
            "amount",
            Leaf(Says.EXPRESSION, ("none",)),
            "资金规模",
            "what there is to be paid",
        ),
        Key("spent", Leaf(Says.EXPRESSION, ("none",)), "已支出", "what is spent"),
        Key(
            "when exceeded",
            one_word("exceeded"),
            "不足时如何分配",
            "how it is shared out",
        ),
        Key("order by", EXPRESSION, "先后或名次的依据", "the day or figure that ranks"),
        Key("ascending", TRUTH, "是否由低到高", "whether the lowest comes first"),
        Key("quota", Leaf(Says.WHOLE, ("none",)), "名额", "how many are paid"),
        Key("ties", one_word("ties"), "并列时如何处理", "what becomes of equals"),
    ),
)

SOURCE = Shape(
    "source",
    (
        Key("file", TEXT, "文件名", "the file"),
        Key("sha256", TEXT, "文件的校验值", "its digest"),
        Key("note", TEXT, "说明", "a note"),
    ),
)

_DAY = Leaf(Says.DATE, ("the date",))

_BOUNDARY = one_word("boundary")
BOUNDARIES = Shape(
    "boundaries",
    (
        Key("above", _BOUNDARY, "“以上”含不含本数", "whether 以上 includes the number"),
        Key("below", _BOUNDARY, "“以下”含不含本数", "whether 以下 includes the number"),
    ),
)

POLICY = Shape(
    "policy",
    (
        Key(
            "policy", Leaf(Says.ID), "政策的编号", "the id of the policy", required=True
        ),
        Key("title", STATEMENT, "政策的标题", "its title", required=True),
        Key("number", TEXT, "发文字号", "its number"),
        Key("issuer", STATEMENT, "发文机关", "who issued it", required=True),
        Key("interpreter", TEXT, "负责解释的单位", "who interprets it"),
        Key(
            "status",
            one_word("status"),
            "是否已印发",
            "whether it is issued",
            required=True,
        ),
        Key(
            "effective",
            Either((_DAY, ListOf(Leaf(Says.DATE)))),
            "施行之日；不明时写首尾两日",
            "the first day in force, or two days between which it lies",
            required=True,
        ),
        Key("sunset", _DAY, "有效期的最后一日", "the last day in force", required=True),
        Key(
            "dated by",
            one_word("dated by"),
            "何日须在有效期内",
            "which day must lie in force",
        ),
        Key("boundaries", BOUNDARIES, "“以上”“以下”是否含本数", "what 以上 includes"),
        Key("source", SOURCE, "原文文件", "the text of the policy"),
        Key("inventory", NAME, "列出全部条款的表格", "the table of all clauses"),
        Key("note", TEXT, "说明", "a note"),
        Key("readings", Named(READING), "有歧义之处", "what is ambiguous", fixed=True),
        Key("stacking", ListOf(GROUP, empty=True), "如何叠加", "how rules stack"),
        Key("budgets", ListOf(BUDGET, empty=True), "资金规模", "the budgets"),
    ),
)


# --- facts.yaml ----------------------------------------------------------------

FACT = Shape(
    "fact",
    (
        Key("label", STATEMENT, "中文名称", "its name in Chinese", required=True),
        Key("english", STATEMENT, "英文名称", "its name in English", required=True),
        Key("type", one_word("type"), "类型", "its type"),
        Key("unit", TEXT, "数字或单价的单位", "the unit of a number or a price"),
        Key("series", TRUTH, "是否逐年填报", "whether each year has a value"),
        Key("several", TRUTH, "是否可有多个值", "whether it has several values"),
        Key("at most", Leaf(Says.WHOLE), "未知时至多几项", "how many there can be"),
        Key("values", _MEANINGS, "可取的值", "its values"),
        Key(
            "aliases",
            Either((NAME, Named(TEXT))),
            "值的别名，或一张表格",
            "other names of values, or a table of them",
        ),
        Key("closed", Leaf(Says.VALUE), "未填即为此值", "what absence says"),
        Key("negative", TRUTH, "是否可为负数", "whether it may be negative"),
        Key("question", TEXT, "如何提问", "how to ask for it"),
        Key("english question", TEXT, "英文提问", "how to ask for it in English"),
        Key("certified by", TEXT, "核定单位", "who certifies it"),
        Key("note", TEXT, "说明", "a note"),
    ),
)

RECORDS = Shape(
    "records",
    (
        Key("label", STATEMENT, "中文名称", "its name in Chinese", required=True),
        Key("english", STATEMENT, "英文名称", "its name in English", required=True),
        Key("record", NAME, "规则中单项的名称", "what one record is called"),
        Key("key", NAME, "识别各项的字段", "the field that tells records apart"),
        Key("at most", Leaf(Says.WHOLE), "未知时至多几项", "how many there can be"),
        Key("fields", Named(FACT), "字段", "the fields of a record"),
        Key("note", TEXT, "说明", "a note"),
    ),
)

TABLE = Shape(
    "meaning",
    (
        Key("label", STATEMENT, "中文名称", "its name in Chinese", required=True),
        Key("english", STATEMENT, "英文名称", "its name in English", required=True),
    ),
)

_FACTS = Named(Either((FACT, RECORDS)))

SHARED = Shape(
    "facts",
    (
        Key("enterprise", Named(Ref("amount")), "企业的共用名称", "for applicants"),
        Key("county", Named(Ref("amount")), "县域的共用名称", "for counties"),
    ),
)

FACTS = Shape(
    "facts",
    (
        Key("enterprise", _FACTS, "企业等申报主体的事实", "facts of an applicant"),
        Key("county", _FACTS, "县域的事实", "facts of a county"),
        Key("tables", Named(TABLE), "表格的名称", "what tables are called"),
        Key("define", SHARED, "各规则共用的名称", "names that rules share"),
    ),
)
