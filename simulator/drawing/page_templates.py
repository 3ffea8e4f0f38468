"""Pages as single files of HTML that load nothing: no script, no address, no font."""

from dataclasses import dataclass

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

__all__ = ["Badge", "page_environment"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict: `kind` for the style, a glyph, and the word."""

    kind: str
    glyph: str
    word: str


def page_environment(package: str) -> Environment:
    """Templates of a package, over those that all pages share.

    The shared ones are `base.html.j2` to extend and its style, `parts.html.j2` and `chart.html.j2`
    to import from.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("simulator.drawing")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
