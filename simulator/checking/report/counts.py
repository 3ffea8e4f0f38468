"""The sums of a check, in words."""

from simulator.checking.results import Results

__all__ = ["read_text", "verdict_text"]


def read_text(found: Results) -> str:
    """What was read, and what of it belongs together."""
    material = found.material
    count = sum(len(board.panels) for board in material.dashboards)
    files = {group.place.file for group in material.groups}
    said = [
        f"{_of(len(material.dashboards), 'dashboard')} with {_of(count, 'panel')}",
        f"{_of(len(files), 'rule file')} with {_of(len(material.alarms), 'alert')}",
    ]
    if material.dashboards and material.alarms:
        paired = {id(pair.alarm) for pair in material.pairs}
        with_alert = {id(pair.painted.panel) for pair in material.pairs}
        alerts, panels = _of(len(paired), "alert"), _of(len(with_alert), "panel")
        said.append(f"{alerts} with a panel, {panels} with an alert")
    return "; ".join(said)


def verdict_text(found: Results) -> str:
    """How many findings fail, are known, are gone, and how many notes there are."""
    failing = sum(one.fails for one in found.every)
    known = sum(one.is_known for one in found.every)
    said = [_of(failing, "finding") if failing else "no findings"]
    said += [f"{known} known"] if known else []
    said += [_of(len(found.notes), "note")] if found.notes else []
    said += [f"{len(found.gone)} of the baseline gone"] if found.gone else []
    return ", ".join(said)


def _of(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
