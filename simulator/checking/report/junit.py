"""What a check found as JUnit XML: one suite per file, one case per check that passes in it."""

import re
from collections import Counter
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from simulator.checking.check import CHECKS
from simulator.checking.results import Result, Results

__all__ = ["check_junit"]

# XML 1.0 has no way to write these, not even as references
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_junit(found: Results) -> str:
    """The document; findings are failures, known ones are skipped, and notes are output."""
    root = Element("testsuites", name="simulator check")
    totals: Counter[str] = Counter()
    for file in _files(found):
        own = [one for one in found.every if str(one.problem.place.file) == file]
        totals += _suite(root, file, own)
    _count(root, totals)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _files(found: Results) -> list[str]:
    boards = [str(one.file) for one in found.material.dashboards if one.file is not None]
    rules = [str(one.place.file) for one in found.material.groups]
    others = [str(one.problem.place.file) for one in found.every]
    return list(dict.fromkeys([*boards, *rules, *others]))


def _suite(root: Element, file: str, own: list[Result]) -> Counter[str]:
    suite = SubElement(root, "testsuite", name=_text(file))
    counts: Counter[str] = Counter()
    for check in CHECKS:
        same = [one for one in own if one.found.check is check]
        findings = [one for one in same if one.fails or one.is_known]
        counts.update(_case(suite, file, one) for one in findings)
        if not findings:
            case = SubElement(suite, "testcase", classname=_text(file), name=check.id)
            counts["passed"] += 1
            notes = [f"{one.problem.subject}: {one.problem.message}" for one in same]
            if notes:
                SubElement(case, "system-out").text = _text("\n".join(notes))
    _count(suite, counts)
    return counts


def _case(suite: Element, file: str, one: Result) -> str:
    """Adds the case of a finding; the name of its outcome."""
    name = f"{one.found.check.id}: {one.problem.subject}"
    case = SubElement(suite, "testcase", classname=_text(file), name=_text(name))
    message = _text(one.problem.message)
    if one.is_known:
        SubElement(case, "skipped", message=f"in the baseline; {message}")
        return "skipped"
    failure = SubElement(case, "failure", message=message, type=one.found.check.id)
    failure.text = _text(f"{file}:{one.line}: {one.problem.message}")
    return "failures"


def _count(element: Element, counts: Counter[str]) -> None:
    element.set("tests", str(counts.total()))
    for outcome in ("failures", "skipped"):
        element.set(outcome, str(counts[outcome]))
    element.set("errors", "0")


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
