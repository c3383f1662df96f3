"""
Invented unified social credit codes (GB 32100-2015) with right check characters.

Their district is 999900, which no place has: nobody is registered under them.
"""

from functools import cache

import polars as pl

#: The characters of a code; each stands for its place.
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BASE = len(CHARACTERS)
#: Registration by market supervision, an enterprise, a district that does not exist,
#: and the first two characters of the organisation.
PREFIX = "91999900YY"
#: How many codes there are: six characters tell them apart.
MOST = BASE**6

_HALF = BASE**3
_MODULUS = 11
#: The weights of GB 11714 for the eight characters of an organisation.
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = 8
#: Odd, and no multiple of 31: times it, no two numbers below `MOST` meet.
_STRIDE = 463_748_117


def is_valid(code: str) -> bool:
    """Whether a code has the length, the characters and the check that it must have."""
    if len(code) != 18 or set(code) - set(CHARACTERS):  # noqa: PLR2004  # as the standard has it
        return False
    return code[-1] == _last(code[:-1])


def codes(numbers: pl.Expr, seed: int) -> pl.Expr:
    """The codes of some numbers from 0 below :data:`MOST`, no two of them alike."""
    shuffled = (numbers * _word(_STRIDE) + _word(seed % MOST)) % _word(MOST)
    first, second = shuffled // _word(_HALF), shuffled % _word(_HALF)
    text, organisation, whole = _thousands()
    head_organisation = _organised(PREFIX[_ORGANISATION:], 0)
    head_whole = _weighed(PREFIX, 0)
    by_organisation = [
        pl.lit(column).gather(half)
        for column, half in zip(organisation, (first, second), strict=True)
    ]
    by_whole = [
        pl.lit(column).gather(half)
        for column, half in zip(whole, (first, second), strict=True)
    ]
    eleven = (by_organisation[0] + by_organisation[1] + head_organisation) % _MODULUS
    rest = (by_whole[0] + by_whole[1] + head_whole) % BASE
    ends = pl.lit(_ends()).gather(eleven * BASE + rest)
    texts = pl.lit(text)
    return pl.concat_str(
        pl.lit(PREFIX), texts.gather(first), texts.gather(second), ends
    )


def _word(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _last(code: str) -> str:
    """The check character of the 17 characters before it."""
    return CHARACTERS[-_weighed(code, 0) % BASE]


def _weighed(text: str, place: int) -> int:
    """The sum of GB 32100 for characters from a place on."""
    return sum(
        CHARACTERS.index(character) * pow(3, place + at, BASE)
        for at, character in enumerate(text)
    )


def _organised(text: str, place: int) -> int:
    """The sum of GB 11714 for characters from a place of the organisation on."""
    return sum(
        int(character, 36) * _WEIGHTS[place + at] for at, character in enumerate(text)
    )


@cache
def _thousands() -> tuple[pl.Series, tuple[pl.Series, ...], tuple[pl.Series, ...]]:
    """All texts of three characters, and what each adds to both sums in either place."""
    places = range(len(PREFIX), len(PREFIX) + 6, 3)
    texts = [a + b + c for a in CHARACTERS for b in CHARACTERS for c in CHARACTERS]
    organisation = tuple(
        _small([_organised(each, at - _ORGANISATION) for each in texts])
        for at in places
    )
    whole = tuple(_small([_weighed(each, at) for each in texts]) for at in places)
    return pl.Series(texts), organisation, whole


def _small(values: list[int]) -> pl.Series:
    return pl.Series(values, dtype=pl.UInt32)


@cache
def _ends() -> pl.Series:
    """Both check characters, for what the sums leave."""
    found = []
    for eleven in range(_MODULUS):
        check = "0123456789X"[-eleven % _MODULUS]
        here = CHARACTERS.index(check) * pow(3, 16, BASE)
        found += [check + CHARACTERS[-(rest + here) % BASE] for rest in range(BASE)]
    return pl.Series(found)
