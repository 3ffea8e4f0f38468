"""Threshold steps in a terminal: a square in the step's colour, and the colour's name beside it.

Where there are no colours, in a pipe or with NO_COLOR, squares alone would be all alike.
"""

from typing import Final

from rich.color import Color, ColorParseError
from rich.text import Text

from simulator.grafana.colors import css_color
from simulator.quoting import printable

__all__ = ["step_chip"]

_HEX_DIGITS: Final = 7


def step_chip(color: str, *words: Text | str | tuple[str, str], is_seen: bool = True) -> Text:
    """A step by its colour's name, and what there is to say of it; filled where it was seen.

    >>> step_chip("red", "37m").plain, step_chip("dark-orange", "-", is_seen=False).plain
    ('■ red 37m', '□ dark-orange -')
    """
    chip = Text.assemble(("■" if is_seen else "□", _style(color)), f" {printable(color)}")
    for word in words:
        chip.append(" ").append_text(word if isinstance(word, Text) else Text.assemble(word))
    return chip


def _style(name: str) -> str:
    """The colour for rich, without its transparency; none where it has no hexadecimal form."""
    css = css_color(name)
    plain = css[:_HEX_DIGITS] if css.startswith("#") else css.replace(" ", "")
    try:
        Color.parse(plain)
    except ColorParseError:
        return ""
    return plain
