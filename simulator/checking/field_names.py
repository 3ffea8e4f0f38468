"""What the fields of a query are called, as far as a panel's file tells it without data."""

from typing import Final

from simulator.grafana.model import Matcher, Panel, Target
from simulator.grafana.value_mappings import field_pattern

__all__ = ["is_matched", "names_of"]

_DYNAMIC: Final = ("{{", "$", "[[")


def names_of(panel: Panel, target: Target) -> frozenset[str] | None:
    """The names that its values may have; None where they come from labels.

    >>> target = Target("A", "sum(up)", legend_format="Up")
    >>> sorted(names_of(Panel("panels[0]", 1, "", "stat", (target,)), target))
    ['Up']
    """
    if target.format == "table":
        names = {f"Value #{target.ref_id}"} | ({"Value"} if len(panel.targets) == 1 else set())
    elif target.legend_format and not any(sign in target.legend_format for sign in _DYNAMIC):
        names = {target.legend_format}
    else:
        return None
    for one in panel.transformations:
        renamed = one.options.get("renameByName")
        if one.id == "organize" and isinstance(renamed, dict):
            names |= {str(renamed[name]) for name in names if renamed.get(name)}
    given = panel.field_config.defaults.get("displayName")
    return frozenset(names | {given} if isinstance(given, str) and given else names)


def is_matched(  # noqa: PLR0911 - one for each kind of matcher
    matcher: Matcher, target: Target, names: frozenset[str] | None
) -> bool | None:
    """Whether an override is for the values of a query; None where the file does not tell.

    >>> is_matched(Matcher("byName", "Up"), Target("A", "up"), frozenset({"Up"}))
    True
    >>> is_matched(Matcher("byName", "Up"), Target("A", "up"), None) is None
    True
    """
    options = matcher.options
    if matcher.id == "byFrameRefID":
        return options == target.ref_id
    if matcher.id == "numeric" or (matcher.id == "byType" and options == "number"):
        return True
    if matcher.id in {"byType", "time"}:
        return False
    if names is None or matcher.id not in {"byName", "byNames", "byRegexp"}:
        return None
    if matcher.id == "byName":
        return isinstance(options, str) and options in names
    if matcher.id == "byRegexp":
        pattern = field_pattern(options) if isinstance(options, str) and options else None
        return pattern is not None and any(pattern.search(name) for name in names)
    wanted = options.get("names") if isinstance(options, dict) else None
    is_one = bool(names & {str(one) for one in wanted}) if isinstance(wanted, list) else False
    is_rest = isinstance(options, dict) and options.get("mode") == "exclude"
    return is_one is not is_rest
