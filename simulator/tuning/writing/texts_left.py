"""What else in the files that change names a number that moves: texts, and ends of bars."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from simulator.checking.checks.alert_text import ALERT_TEXT
from simulator.checking.checks.bar_range import BAR_RANGE
from simulator.checking.checks.panel_text import PANEL_TEXT
from simulator.checking.material import Material
from simulator.checking.problems import Check
from simulator.errors import SimulatorError
from simulator.grafana.dashboard_files import dashboard_of
from simulator.grafana.model import Dashboard
from simulator.rules.model import Group
from simulator.rules.reading import groups_in
from simulator.tuning.writing.revisions import Revision

__all__ = ["texts_left"]

_CHECKS: Final[tuple[Check, ...]] = (PANEL_TEXT, ALERT_TEXT, BAR_RANGE)
_CLAIMED: Final = "', "  # ends what a text claims; then follows what is right


def texts_left(revised: Sequence[Revision]) -> tuple[str, ...]:
    """What is wrong with the changed files that was right before: it is for a person to mend."""
    before = _wrong(revised, lambda one: one.before)
    after = _wrong(revised, lambda one: one.after)
    return tuple(said for what, said in after.items() if what not in before)


def _wrong(
    revised: Sequence[Revision], content: Callable[[Revision], bytes]
) -> Mapping[object, str]:
    """What is said of each text that is wrong, whatever is right."""
    material = _material(revised, content)
    return {
        (one.place, one.subject, one.message.partition(_CLAIMED)[0]): (
            f"{one.place.file.name}: {one.subject}: {one.message}"
        )
        for check in _CHECKS
        for one in check.look(material)
    }


def _material(revised: Sequence[Revision], content: Callable[[Revision], bytes]) -> Material:
    changed = [one for one in revised if one.after != one.before]
    read = [_read(one, content(one).decode().removeprefix("\ufeff")) for one in changed]
    return Material([b for boards, _ in read for b in boards], sum((g for _, g in read), ()))


def _read(one: Revision, text: str) -> tuple[tuple[Dashboard, ...], tuple[Group, ...]]:
    """What a file has; nothing where it has more in it than is read here."""
    try:
        if one.is_dashboard:
            return (dashboard_of(text, one.file),), ()
        return (), groups_in(text, one.file)
    except SimulatorError:
        return (), ()
