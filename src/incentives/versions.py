"""What an amendment changed in a rule, from which day on: data for explanations."""

from datetime import date

from attrs import frozen


@frozen
class Change:
    """
    One value of a rule that is not what it was, as authors wrote both.

    ``key`` is the path of English keywords to it, such as `award.cap`; a value that
    was not there, or is there no more, is empty.
    """

    key: str
    old: str
    new: str


@frozen
class Version:
    """
    What the words of a rule became by an amendment.

    ``since`` is the first day on which they apply, None where they replace the old
    words altogether: a what-if. ``quote`` are the words of the notice.
    """

    amendment: str
    since: date | None
    changes: tuple[Change, ...]
    title: str = ""
    english: str = ""
    number: str = ""
    issuer: str = ""
    quote: str = ""
    note: str = ""

    def title_in(self, lang: str) -> str:
        """What the notice is called in a language; by its id where it has no title."""
        return (self.english if lang == "en" else "") or self.title or self.amendment
