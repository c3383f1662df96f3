"""The forms of pack files: whole, without conflicts, and what the readers allow."""

from collections.abc import Iterable
from itertools import combinations

import pytest

from incentives.language.amounts.limits import LIMITS
from incentives.language.amounts.sugar import _VALUE_WORDS
from incentives.language.forms.pack_forms import (
    AMOUNT,
    AWARD,
    CONDITION,
    FACT,
    FILES,
    FORMS,
    POLICY,
    RULE,
    Either,
    Form,
    Given,
    Leaf,
    ListOf,
    Named,
    Ref,
    Shape,
    Worded,
    names,
)
from incentives.language.words import KEYS, VALUES


def parts(form: Form) -> tuple[Form, ...]:
    """What a form is made of."""
    match form:
        case Shape():
            return tuple(key.form for key in form.keys)
        case Worded():
            return form.shapes
        case Either():
            return form.forms
        case ListOf():
            return (form.item,)
        case Named():
            return (form.value,)
        case Ref():
            return (FORMS[form.name],)
        case Leaf() | Given():
            return ()


def inside(forms: Iterable[Form]) -> dict[Form, None]:
    """Some forms and every form inside them, each once."""
    seen: dict[Form, None] = {}
    waiting = list(forms)
    while waiting:
        form = waiting.pop()
        if form not in seen:
            seen[form] = None
            waiting += parts(form)
    return seen


ALL = inside(FILES.values())
SHAPES = [
    pytest.param(part, id=f"{index}: {part.group}")
    for index, part in enumerate(ALL)
    if isinstance(part, Shape)
]


@pytest.mark.parametrize("shape", SHAPES)
def test_one_form_means_one_key_of_a_mapping(shape: Shape) -> None:
    """No written key could mean two keys of the same mapping."""
    for one, other in combinations(names(shape), 2):
        assert not set(KEYS.forms(one)) & set(KEYS.forms(other)), (one, other)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_key_means_a_switch(shape: Shape) -> None:
    """No key of any mapping makes it look like a switch between readings."""
    switch = set(KEYS.forms("reading"))
    assert not switch & {form for name in names(shape) for form in KEYS.forms(name)}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_key_has_a_chinese_form_and_is_explained(shape: Shape) -> None:
    """Each key can be written in Chinese, and both languages say what it means."""
    for key in shape.keys:
        assert len(KEYS.forms(key.name)) > 1, key.name
        assert not key.chinese.isascii()
        assert key.english


def test_every_word_of_a_value_has_a_chinese_form() -> None:
    """What a value may say in a word, it may say in Chinese."""
    words = {word for part in ALL if isinstance(part, Leaf) for word in part.words}
    assert {word for word in words if len(VALUES.forms(word)) < 2} == set()


@pytest.mark.parametrize(
    "worded", [AMOUNT, AWARD, CONDITION], ids=["amount", "award", "condition"]
)
def test_words_are_keys_of_their_mapping(worded: Worded) -> None:
    """The word of each mapping is one of its required keys; others may stand beside."""
    for shape in worded.shapes:
        assert shape[shape.group].required


def test_readers_know_every_word_for_an_amount() -> None:
    """Each word has its meaning, and no word lacks a form."""
    assert [shape.group for shape in AMOUNT.words] == list(_VALUE_WORDS)
    assert tuple(key.name for key in AWARD.beside) == LIMITS


def test_order_of_keys() -> None:
    """Files begin with what they are, and end with what tries them."""
    assert names(RULE)[:5] == ("rule", "title", "english", "clause", "quote")
    assert names(RULE)[-1] == "cases"
    assert names(POLICY)[0] == "policy"
    assert names(FACT)[:2] == ("label", "english")
