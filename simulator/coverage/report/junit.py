"""The coverage as JUnit XML, for the machines that draw test results.

One suite per dashboard, one case per threshold step, or per field or panel that has none; and one
that is skipped per panel that is not judged. Alerts are a suite of their own, each a case, and
so are their notifications.
"""

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from simulator.coverage.places import Place, places
from simulator.coverage.report.notice_text import NOTICE_WORDS, notice_text
from simulator.coverage.report.verdict_text import (
    WORDS,
    alert_text,
    band_text,
    duration_text,
    episodes_text,
    uncovered_text,
)
from simulator.coverage.verdicts import (
    AlertCoverage,
    Coverage,
    DashboardCoverage,
    Excluded,
    Verdict,
)
from simulator.notifying.results import AlertNotices, NoticeVerdict, NotificationCoverage
from simulator.scenario.timed_run import timestamp

__all__ = ["junit_xml"]

_OUTCOMES = {
    Verdict.EXERCISED: "",
    Verdict.NOT_REACHED: "failure",
    Verdict.FINDING: "failure",
    Verdict.NO_DATA: "failure",
    Verdict.UNSUPPORTED: "error",
    Verdict.ERROR: "error",
}
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}
# XML 1.0 has no way to write these, not even as references
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(coverage: Coverage) -> str:
    """The coverage as a JUnit document.

    Not reached and no data are failures, errors and what is unsupported errors; what is allowed
    to be missing, and panels that are not judged, are skipped.
    """
    root = Element("testsuites", name=_text(coverage.scenario or "coverage"))
    totals: Counter[str] = Counter()
    for dashboard in coverage.dashboards:
        totals += _suite(root, dashboard, coverage)
    if coverage.alerts:
        totals += _alerts(root, coverage)
    if coverage.notifications is not None:
        totals += _notices(root, coverage.notifications)
    _set_counts(root, totals)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _suite(root: Element, dashboard: DashboardCoverage, coverage: Coverage) -> Counter[str]:
    suite = SubElement(root, "testsuite", name=_text(dashboard.title))
    counts = Counter(_case(suite, place, coverage) for place in places(dashboard))
    counts += Counter(_skipped(suite, one, dashboard) for one in dashboard.excluded)
    _set_counts(suite, counts)
    suite.set("timestamp", timestamp(coverage.start).removesuffix("Z"))
    return counts


def _alerts(root: Element, coverage: Coverage) -> Counter[str]:
    """A suite of all alerts, each a case."""
    suite = SubElement(root, "testsuite", name="alerts")
    counts = Counter(_alert(suite, one, coverage) for one in coverage.alerts)
    _set_counts(suite, counts)
    suite.set("timestamp", timestamp(coverage.start).removesuffix("Z"))
    return counts


def _alert(suite: Element, one: AlertCoverage, coverage: Coverage) -> str:
    """Adds the case of an alert; the name of its outcome."""
    case = SubElement(suite, "testcase", classname=_text(one.place), name=_text(one.name))
    outcome = _OUTCOMES[one.verdict]
    if not outcome:
        SubElement(case, "system-out").text = _text(alert_text(one, coverage))
        return "passed"
    message = f"{WORDS[one.verdict]}: {one.reason}"
    if one.is_allowed:
        SubElement(case, "skipped", message=_text(f"allowed; {message}"))
        return "skipped"
    found = SubElement(case, outcome, message=_text(message), type=one.verdict.value)
    found.text = _text(f"{one.place}: {message}")
    return outcome


def _notices(root: Element, found: NotificationCoverage) -> Counter[str]:
    """A suite of the notifications of all alerts, each alert a case."""
    suite = SubElement(root, "testsuite", name="notifications")
    counts = Counter(_notice(suite, one) for one in found.alerts)
    _set_counts(suite, counts)
    return counts


def _notice(suite: Element, one: AlertNotices) -> str:
    """Adds the case of an alert's notifications; the name of its outcome."""
    case = SubElement(suite, "testcase", classname=_text(one.place), name=_text(one.name))
    said = _text(notice_text(one))
    if one.verdict is NoticeVerdict.TOLD:
        SubElement(case, "system-out").text = said
        return "passed"
    if one.is_right:
        allowed = "allowed; " if one.is_allowed else ""
        SubElement(case, "skipped", message=f"{allowed}{NOTICE_WORDS[one.verdict]}: {said}")
        return "skipped"
    SubElement(case, "failure", message=said, type=one.verdict.value)
    return "failure"


def _skipped(suite: Element, one: Excluded, dashboard: DashboardCoverage) -> str:
    """Adds the case of a panel that is not judged; the name of its outcome."""
    name = one.title or one.path
    place = {"classname": _text(f"{dashboard.title} / {name}"), "name": _text(name)}
    case = SubElement(suite, "testcase", place)
    SubElement(case, "skipped", message=_text(f"not judged: {one.reason} ({one.type})"))
    return "skipped"


def _set_counts(element: Element, counts: Counter[str]) -> None:
    element.set("tests", str(counts.total()))
    for attribute, outcome in _COUNTED.items():
        element.set(attribute, str(counts[outcome]))


def _case(suite: Element, place: Place, coverage: Coverage) -> str:
    """Adds a case to the suite; the name of its outcome, "passed" where it has none."""
    case = SubElement(
        suite,
        "testcase",
        classname=_text(f"{place.dashboard.title} / {place.panel.title or place.panel.path}"),
        name=_text(_name(place)),
    )
    outcome = _OUTCOMES[place.verdict]
    if not outcome:
        if place.step is not None and place.step.first_seen is not None:
            SubElement(case, "system-out").text = _text(_witness(place, place.step.first_seen))
        return "passed"
    word = WORDS[place.verdict]
    said = uncovered_text(place, coverage)
    message = f"{word}: {said}" if said else word
    if place.is_allowed:
        SubElement(case, "skipped", message=_text(f"allowed; {message}"))
        return "skipped"
    found = SubElement(case, outcome, message=_text(message), type=place.verdict.value)
    found.text = _text(f"{place.panel.path} ({place.panel.type}): {message}")
    return outcome


def _name(place: Place) -> str:
    if place.finding is not None:
        return f"query {place.finding.source}: {place.finding.code}"
    if place.field is None:
        return place.panel.title or place.panel.path
    if place.step is None:
        return place.field.name
    band = band_text(place.step, place.field)
    return f"{place.field.name}: step {place.step.index}, {place.step.color} {band}"


def _witness(place: Place, first_seen: float) -> str:
    step = place.step
    if step is None:
        return ""
    names = episodes_text(step.episodes, most=len(step.episodes))
    during = f", during {names}" if names else ""
    seen_in = f" in {step.seen_in}" if step.seen_in else ""
    return f"first seen {timestamp(first_seen)}{seen_in}, {duration_text(step.seconds)}{during}"


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
