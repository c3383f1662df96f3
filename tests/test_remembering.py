"""What is remembered of an object: by identity, and no longer than it lives."""

import gc

from attrs import define

from incentives.remembering import Remembered


@define
class Thing:
    """Equal to every other thing of the same name."""

    name: str


def test_by_identity() -> None:
    """An equal object is another object."""
    remembered: Remembered[Thing, str] = Remembered()
    one, other = Thing("x"), Thing("x")
    remembered.keep(one, "first")
    assert one == other
    assert (remembered.get(one), remembered.get(other)) == ("first", None)


def test_once_more() -> None:
    """What is kept last counts."""
    remembered: Remembered[Thing, str] = Remembered()
    one = Thing("x")
    remembered.keep(one, "first")
    remembered.keep(one, "second")
    assert (remembered.get(one), len(remembered)) == ("second", 1)


def test_forgotten() -> None:
    """Nothing is remembered of an object that is gone."""
    remembered: Remembered[Thing, str] = Remembered()
    one, other = Thing("x"), Thing("y")
    remembered.keep(one, "first")
    remembered.keep(other, "second")
    del one
    gc.collect()
    assert (len(remembered), remembered.get(other)) == (1, "second")
