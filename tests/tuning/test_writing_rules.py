"""Limits and holds of alert rules replaced, and not one byte more."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import TuningError
from simulator.rules.model import Place
from simulator.tuning.writing.differences import unified_diff
from simulator.tuning.writing.rules_text import RuleChange, with_changes
from tests.support.alert_files import read_rules
from tests.support.default_names import SIGNALS

FILE = Path("rules.yml")
ALERTS = Path(__file__).resolve().parents[2] / "compose/prometheus/rules/scoring-alerts.yml"
PATH = Place(FILE, ("groups", 0, "rules", 0))
HEAD = "groups:\n- name: g\n  rules:\n"


def changed(text: str, threshold: float | None = None, hold: float | None = None) -> str:
    change = RuleChange(PATH, threshold, hold)
    return with_changes(text.encode(), [change], FILE).decode()


def rule(*lines: str) -> str:
    return HEAD + "".join(f"  {'-' if n == 0 else ' '} {line}\n" for n, line in enumerate(lines))


@pytest.mark.parametrize(
    "expr",
    [
        "a > {}",
        "a >= {} # YAML's comment > 5",
        "'a{{b=''x # y''}} < {}'",
        '"a{{b=\\"x\\"}} <= {}"  # why',
        "|-\n      (\n        a\n      ) > {}",
        ">-\n      a\n      > {}",
        "|\n      # PromQL's own line > 5\n      a > {}",
        "|+\n      a > {}\n\n",
        "&limit a > {}",
        "a\n      > {}",
        "|-\n      \u00e9{{b='\U0001f600'}} > {}\n\n    # a comment",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_limit_is_replaced_however_it_is_written(expr: str, newline: str, mark: str) -> None:
    text = mark + rule("alert: A", f"expr: {expr}", "for: 5m").replace("\n", newline)
    assert changed(text.format("0.70"), 12.5) == text.format("12.5")
    assert changed(text.format("-1e3"), 0.0) == text.format("0")
    assert changed(text.format("1e3"), 1000.0) == text.format("1e3")


@pytest.mark.parametrize("written", ["{}", "'{}'", '"{}"  # why', ">-\n      {}", "&hold {}"])
def test_the_hold_is_replaced_and_keeps_its_quotes(written: str) -> None:
    text = rule(f"for: {written}", "expr: a > 5", "alert: A")
    assert changed(text.format("1h30m"), hold=90.0) == text.format("90s")
    assert changed(text.format("5m"), hold=0.0) == text.format("0s")
    assert changed(text.format("300s"), hold=300.0) == text.format("300s")


@pytest.mark.parametrize(
    "lines",
    [
        ["alert: A", "expr: a > 5  # why", "labels: {x: y}"],
        ["expr: a > 5", "alert: A"],
        ["alert: A", "expr: |-\n      a\n      > 5", "\n    # about the labels\n    labels: {}"],
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_rule_without_a_hold_gets_a_line_below_its_expression(
    lines: list[str], newline: str
) -> None:
    text = rule(*lines).replace("\n", newline)
    end = next(one for one in ("> 5  # why", "> 5") if one in text)
    wanted = text.replace(end, f"{end}{newline}    for: 5m")
    assert changed(text, hold=300.0) == wanted
    assert changed(text, hold=0.0) == changed(text) == text


@pytest.mark.parametrize("style", ["", "|\n      ", "|-\n      "])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_line_at_the_end_of_the_file_leaves_it_without_a_newline(
    style: str, newline: str
) -> None:
    text = rule("alert: A", f"expr: {style}a > 5").rstrip().replace("\n", newline)
    assert changed(text, 6.0, 60.0) == f"{text[:-1]}6{newline}    for: 1m"


def test_the_projects_alerts_change_in_limits_and_holds_only() -> None:
    before, rules = ALERTS.read_bytes(), read_rules([ALERTS], SIGNALS)
    numbers = [one.limit.literal if one.limit else 0.0 for one in rules]
    both = list(zip(rules, numbers, strict=True))
    today = [RuleChange(one.place, number, one.hold) for one, number in both]
    other = [RuleChange(one.place, 3 * number + 1, one.hold + 90.0) for one, number in both]
    after = with_changes(before, other, ALERTS)
    assert with_changes(after, today, ALERTS) == before
    lines = unified_diff(ALERTS, before, after).splitlines()[2:]
    assert sum(line.startswith("-") for line in lines) == 2 * len(rules)
    assert all(line.split()[1] in {"for:", "expr:", ")"} for line in lines if line[0] in "+-")


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.booleans(),
    st.integers(20, 200),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_whatever_stands_around_a_rule_stays(
    words: str,
    style: str | None,
    is_unicode: bool,  # noqa: FBT001 - hypothesis passes all by position
    width: int,
    threshold: float,
) -> None:
    expr = f"sum(a{{b={words!r}}}) > 0.5"
    document = {"groups": [{"rules": [{"alert": words, "expr": expr, "for": "5m"}], "x": words}]}
    text = yaml.safe_dump(document, default_style=style, allow_unicode=is_unicode, width=width)
    after = yaml.safe_load(changed(text, threshold, 0.0))
    one = after["groups"][0]["rules"][0]
    assert (float(one["expr"].rpartition("> ")[2]), one["for"]) == (threshold, "0s")
    one["expr"], one["for"] = expr, "5m"
    assert after == document


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["expr: a"], r"rules\.yml: groups\.0\.rules\.0: expr: has no number .*: 'a'"),
        (["expr: a > 5m"], "has no number that can move"),
        (["expr: a > 5 or b"], "has no number that can move"),
        ([r'expr: "a > 1\x30"'], "'10' is not written as it reads"),
        (["expr: a > 1.2.3"], r"1\.2\.3"),
        (["alert: A"], "has no expr"),
        (["expr: [a]"], "expr is no scalar, but a list"),
        (["expr: a > 5", "expr: b > 5"], "the key 'expr' is given twice"),
        (["expr: a > 5", "for: soon"], "'soon' is not a duration"),
        (["expr: a > 5", "for:"], "is not a duration"),
        (["{expr: a > 5}"], "for: a rule in braces"),
        (["<<: {for: 1m}", "expr: a > 5"], "takes keys from another mapping"),
        (["&one", "expr: &e a > 5", "labels: {a: *e}"], "used in another place"),
        (["&one\n    expr: a > 5", "\n  - *one"], "used in another place"),
        (["expr: a > 5", "for: &h 1m", "x: *h"], "used in another place"),
        (["a", "b"], "no rule is there, but 'a b'"),
        (["expr: [a > 5"], "not YAML"),
    ],
)
def test_what_cannot_be_edited_in_place_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(TuningError, match=message):
        changed(rule(*lines), 1.0, 300.0)


def test_a_rule_that_is_not_there_or_is_changed_twice_is_refused() -> None:
    text = rule("expr: a > 5").encode()
    with pytest.raises(TuningError, match=r"groups\.0\.rules\.1: 1 is not there; found a list"):
        with_changes(text, [RuleChange(Place(FILE, ("groups", 0, "rules", 1)), 1.0, None)], FILE)
    with pytest.raises(TuningError, match="two changes for one rule"):
        with_changes(text, [RuleChange(PATH, 1.0, None), RuleChange(PATH, None, 1.0)], FILE)
    with pytest.raises(TuningError, match=r"groups\.0\.rules\.0: inf is not a finite number"):
        with_changes(text, [RuleChange(PATH, float("inf"), None)], FILE)


def test_a_rule_in_a_later_document_is_changed_there() -> None:
    text = rule("alert: A", "expr: up > 1") + "---\n" + rule("alert: A", "expr: up > 1")
    change = RuleChange(Place(FILE, PATH.path, document=1), 2.0, None)
    after = with_changes(text.encode(), [change], FILE).decode()
    assert after == text[: len(text) // 2] + text[len(text) // 2 :].replace("> 1", "> 2")


def test_a_rule_in_a_text_within_the_file_is_refused_by_place() -> None:
    place = Place(FILE, ("data", "rules.yml"), inside=PATH.path)
    with pytest.raises(TuningError, match=r"rules.yml.*within the file"):
        with_changes(b"data: {rules.yml: x}", [RuleChange(place, 2.0, None)], FILE)
