"""Mistakes in the text of a query: what is put in place of what, and of which kind it is."""

from dataclasses import dataclass

from simulator.mutation.kinds import Kind

__all__ = ["Edit", "edited"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands from `start` to before `end` becomes `text`."""

    kind: Kind
    start: int
    end: int
    text: str
    was: str

    @property
    def said(self) -> str:
        """What was changed, in short."""
        return f"{self.was} -> {self.text.strip(' ,') or 'nothing'}"


def edited(query: str, edit: Edit) -> str:
    """The query with the mistake in it.

    >>> edited("sum(up) > 1", Edit(Kind.SIGN, 8, 9, "<", ">"))
    'sum(up) < 1'
    """
    return f"{query[: edit.start]}{edit.text}{query[edit.end :]}"
