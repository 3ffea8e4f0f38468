"""The coverage as JUnit XML, read back as a build server would."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from simulator.coverage.report.junit import junit_xml
from tests.support.coverage_values import HOSTILE, complete_coverage, coverage_value

_OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "timestamp"},
    "testcase": {"name", "classname"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "system-out": set(),
}
_CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}


@pytest.fixture(scope="module")
def document() -> Element:
    return fromstring(junit_xml(coverage_value()).removeprefix(_declaration()))  # noqa: S314 - ours


def test_it_is_of_the_form_that_readers_know(document: Element) -> None:
    for element in document.iter():
        assert set(element.attrib) == _ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= _CHILDREN.get(element.tag, set())


def test_counts_equal_the_elements(document: Element) -> None:
    for counted in (document, *document.iter("testsuite")):
        assert int(counted.attrib["tests"]) == len(list(counted.iter("testcase")))
        for attribute, tag in _OUTCOMES.items():
            assert int(counted.attrib[attribute]) == len(list(counted.iter(tag)))


def test_there_is_a_suite_per_dashboard(document: Element) -> None:
    assert [s.attrib["name"] for s in document] == ["Scoring - ML", "Scoring - Business"]


def test_what_is_not_reached_fails_with_how_near_it_came(document: Element) -> None:
    [failure] = _case(document, "used: step 2")
    assert (failure.tag, failure.attrib["type"]) == ("failure", "NOT_REACHED")
    assert failure.attrib["message"].startswith("not reached: nearest 85% at 12:00")


def test_no_data_fails_and_an_error_and_what_is_unsupported_are_errors(document: Element) -> None:
    assert [e.tag for e in _case(document, "Nothing Here")] == ["failure"]
    assert [e.tag for e in _case(document, "Broken Query")] == ["error"]
    assert [e.tag for e in _case(document, "Peaks by forecast")] == ["error"]


def test_what_is_allowed_is_skipped(document: Element) -> None:
    [skipped] = _case(document, "violations: step 2")
    assert skipped.tag == "skipped"
    assert skipped.attrib["message"].startswith("allowed; not reached: nearest")


def test_what_is_exercised_passes_and_names_its_witness(document: Element) -> None:
    [said] = _case(document, "accuracy: step 0")
    assert said.tag == "system-out"
    assert said.text
    assert said.text.startswith("first seen 2026-01-01T14:42:00Z in consumer-credit, 37m, during")


def test_text_that_xml_cannot_hold_is_made_safe(document: Element) -> None:
    classes = {case.attrib["classname"] for case in document.iter("testcase")}
    safe = HOSTILE.replace("\x01", "\N{REPLACEMENT CHARACTER}")
    assert "Scoring - Business / " + safe.replace("\x0b", "\ufffd") in classes


def test_a_complete_coverage_has_no_failure() -> None:
    document = fromstring(junit_xml(complete_coverage()).removeprefix(_declaration()))  # noqa: S314
    assert {document.attrib[name] for name in _OUTCOMES} == {"0"}


def _case(document: Element, name: str) -> list[Element]:
    [case] = [c for c in document.iter("testcase") if c.attrib["name"].startswith(name)]
    return list(case)


def _declaration() -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n'
