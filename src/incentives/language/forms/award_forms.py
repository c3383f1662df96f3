"""The words for amounts and what changes them: each with its keys, in their order."""

from .form_kinds import (
    NAME,
    STATEMENT,
    Either,
    Key,
    Leaf,
    ListOf,
    Ref,
    Says,
    Shape,
    Worded,
    one_word,
)

_AMOUNT = Ref("amount")
_CONDITION = Ref("condition")
_OF = Key("of", _AMOUNT, "所依据的数值", "what it is counted from", required=True)
_ABOVE = Key("above", _AMOUNT, "只计超过此数的部分", "only what lies above counts")
_AT_MOST = Key("at most", _AMOUNT, "至多计此数", "no more of it counts")
_FROM = Key("from", _AMOUNT, "起", "where it begins", required=True)
_TO = Key("to", _AMOUNT, "止", "where it ends", required=True)

TIER = Shape(
    "tier",
    (
        Key(
            "in", Leaf(Says.TEST), "依据所在的区间、列表或表格", "an interval or a list"
        ),
        Key("is", Leaf(Says.VALUE), "依据等于的值", "a single value"),
        Key("then", _AMOUNT, "本档的金额", "what it is in this tier", required=True),
    ),
)
BRACKET = Shape(
    "bracket",
    (
        Key("to", _AMOUNT, "本级的上限，最后一级不写", "where it ends"),
        Key("rate", _AMOUNT, "本级部分的比例", "the share of what lies in it"),
        Key("price", _AMOUNT, "本级部分的单价", "the price of what lies in it"),
    ),
)
INTEREST = Shape(
    "interest terms",
    (
        Key("principal", _AMOUNT, "本金", "the principal", required=True),
        Key("rate", _AMOUNT, "年利率", "the rate of a year", required=True),
        _FROM,
        _TO,
        Key("basis", _AMOUNT, "一年按365天、360天或12个月", "a year", required=True),
    ),
)
BONUS = Shape(
    "bonus",
    (
        Key("if", _CONDITION, "在何种条件下", "where this holds"),
        Key("add", _AMOUNT, "提高的百分点或金额", "what is added", required=True),
    ),
)
MULTIPLIER = Shape(
    "multiplier",
    (
        Key("if", _CONDITION, "在何种条件下", "where this holds"),
        Key("by", _AMOUNT, "乘以多少", "what it is multiplied by", required=True),
    ),
)
PHASE_OUT = Shape("phase out", (_OF, _FROM, _TO))
PRORATE = Shape(
    "prorate",
    (
        _FROM,
        _TO,
        Key("over", _AMOUNT, "满额的时长", "the time of the whole", required=True),
    ),
)


def _word(name: str, chinese: str, english: str) -> Key:
    return Key(name, _AMOUNT, chinese, english, required=True)


def _parts(name: str, chinese: str, english: str) -> Shape:
    """Several amounts that come to one."""
    return Shape(name, (Key(name, ListOf(_AMOUNT), chinese, english, required=True),))


#: The words for an amount, the keys that go with each, and their order.
AMOUNT_WORDS = (
    Shape("amount", (_word("amount", "金额", "an amount"),)),
    Shape(
        "rate",
        (
            _word("rate", "基数的百分之几", "a share of a base"),
            _word("of", "按比例计算的基数", "the base"),
        ),
    ),
    Shape(
        "tiers",
        (
            _word("of", "分档所依据的数值", "what is tiered"),
            Key("tiers", ListOf(TIER), "各档及其金额", "the tiers", required=True),
            _word("otherwise", "都不符合时的金额", "what it is in no tier"),
        ),
    ),
    Shape(
        "brackets",
        (
            _word("of", "逐级累进的数值", "what is cut into brackets"),
            Key(
                "brackets",
                ListOf(BRACKET),
                "各级及其比例或单价",
                "the brackets, ascending",
                required=True,
            ),
        ),
    ),
    Shape(
        "per unit",
        (_word("per unit", "每单位的单价", "a price"), _OF, _ABOVE, _AT_MOST),
    ),
    Shape(
        "per step",
        (
            _word("per step", "每增一级奖补多少", "what each whole step brings"),
            _word("each", "每增多少为一级", "how long a step is"),
            _OF,
            _ABOVE,
            _AT_MOST,
        ),
    ),
    Shape(
        "look up",
        (
            Key("look up", NAME, "表格.列", "table.column", required=True),
            Key(
                "by",
                Either((_AMOUNT, ListOf(_AMOUNT))),
                "在前几列中查找的值",
                "what is found in the first columns",
                required=True,
            ),
            Key("otherwise", _AMOUNT, "表中没有时", "where the table has no such row"),
        ),
    ),
    Shape(
        "matching",
        (
            _word("matching", "配套的比例", "the share that is matched"),
            _word("of", "所配套的奖补", "what is matched"),
        ),
    ),
    Shape(
        "interest",
        (Key("interest", INTEREST, "贴息", "interest on a loan", required=True),),
    ),
    _parts("sum of", "各项之和", "amounts that add up"),
    _parts("lowest of", "其中最低的一项", "the lowest of them"),
    _parts("highest of", "其中最高的一项", "the highest of them"),
)

#: What may stand beside any amount, in the order in which it applies.
MODIFIER_KEYS = (
    Key("bonus", ListOf(BONUS), "符合条件时提高", "what is added on conditions"),
    Key("multiply", ListOf(MULTIPLIER), "符合条件时乘以", "by what it is multiplied"),
    Key("phase out", PHASE_OUT, "随数值增大递减至零", "how it runs out"),
    Key("prorate", PRORATE, "按时间折算", "the share of a time"),
    Key(
        "top up",
        Either((ListOf(NAME), _AMOUNT)),
        "扣除此前按低档规则已付的金额",
        "less what lower rules have paid",
    ),
    Key("floor", _AMOUNT, "至少为此数", "at least this"),
    Key("cap", _AMOUNT, "至多为此数", "at most this"),
    Key("allow", one_word("allow"), "允许的例外", "what is allowed here"),
)

#: What may stand beside an award only.
LIMIT_KEYS = (
    *MODIFIER_KEYS[:-1],
    Key(
        "cap per",
        Leaf(Says.CAP_PER),
        "封顶的对象与期间，如“中试平台，累计”“主体，36个月”",
        "for what and how long the cap counts: 'platform, lifetime'",
    ),
    Key("rounding", one_word("rounding"), "如何取整", "how it is rounded"),
    MODIFIER_KEYS[-1],
)

#: Awards that state no amount.
UNPRICED_WORDS = (
    Shape(
        "non-cash",
        (
            Key(
                "non-cash",
                STATEMENT,
                "非现金的支持",
                "a support that is not money",
                required=True,
            ),
        ),
    ),
    Shape(
        "discretionary",
        (
            Key(
                "discretionary",
                STATEMENT,
                "由主管部门裁量的说明",
                "why the authority decides",
                required=True,
            ),
        ),
    ),
)

AMOUNT = Worded(AMOUNT_WORDS, MODIFIER_KEYS)
AWARD = Worded(AMOUNT_WORDS, LIMIT_KEYS, UNPRICED_WORDS)
