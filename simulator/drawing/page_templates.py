"""Pages as single files of HTML that load nothing: no script, no address, no font."""

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

__all__ = ["page_environment"]


def page_environment(package: str) -> Environment:
    """Templates of a package, over those that all pages share.

    The shared ones are `base.html.j2` to extend, `parts.html.j2` to import from, and its style.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("simulator.drawing")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
