"""Links in alerts: which there are, and whether they open."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulator.checking.alarms import Link, board_link
from simulator.grafana.model import Dashboard
from simulator.notifying.firings import Firing
from simulator.notifying.notification import NotifiedAlert
from simulator.notifying.results import LinkNotice, Opens

__all__ = ["Links"]

_URL: Final = re.compile(r"https?://[^\s\"'<>]+")
_AFTER: Final = ".,;:)"
_GENERATOR: Final = "generatorURL"
_UID, _PANEL_ID = "__dashboardUid__", "__panelId__"
_MOST_ASKED: Final = 200


@dataclass(frozen=True, slots=True)
class Links:
    """Judges links: those to panels by the dashboards, others by what answers there.

    `why_not` is asked once for each address, and says why it does not open, "" where it does.
    """

    dashboards: Sequence[Dashboard]
    why_not: Callable[[str], str]
    _asked: dict[str, str] = field(default_factory=dict)

    def of(self, alerts: Sequence[Firing | NotifiedAlert]) -> tuple[LinkNotice, ...]:
        """What is said of each link that the alerts have, each once."""
        found = dict.fromkeys(one for alert in alerts for one in _links(alert))
        return tuple(self._judged(source, url) for source, url in found)

    def _judged(self, source: str, url: str) -> LinkNotice:
        if "{{" in url:
            reason = "it has a template that only Prometheus fills in"
            return LinkNotice(url, source, Opens.NOT_JUDGED, reason)
        to_board = board_link(url)
        if to_board is not None and source != _GENERATOR:
            return LinkNotice(url, source, *self._of_board(to_board))
        if url not in self._asked and len(self._asked) >= _MOST_ASKED:
            reason = f"more than {_MOST_ASKED} links are not asked"
            return LinkNotice(url, source, Opens.NOT_JUDGED, reason)
        if url not in self._asked:
            self._asked[url] = self.why_not(url)
        reason = self._asked[url]
        return LinkNotice(url, source, Opens.NO if reason else Opens.YES, reason)

    def _of_board(self, link: Link) -> tuple[Opens, str]:
        boards = [board for board in self.dashboards if board.uid == link.dashboard]
        if not boards:
            reason = f"no dashboard that is given has the uid {link.dashboard}"
            return Opens.NOT_JUDGED, reason
        panels = {str(panel.id) for board in boards for panel in board.panels}
        if link.panel and link.panel not in panels:
            return Opens.NO, f"dashboard {link.dashboard} has no panel {link.panel}"
        return Opens.YES, "by the dashboard that is given"


def _links(alert: Firing | NotifiedAlert) -> Iterator[tuple[str, str]]:
    """Where each link is, and its address."""
    if alert.generator_url:
        yield _GENERATOR, alert.generator_url
    if uid := alert.annotations.get(_UID, ""):
        panel = alert.annotations.get(_PANEL_ID, "")
        yield _UID, f"/d/{uid}" + (f"?viewPanel={panel}" if panel else "")
    for name, text in (*alert.annotations.items(), *alert.labels.items()):
        for url in _URL.findall(text.replace("{{ ", "{{").replace(" }}", "}}")):
            yield name, url.rstrip(_AFTER)
