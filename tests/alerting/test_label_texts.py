"""What templates of labels become, as far as it tells alerts apart."""

import math

import pytest

from simulator.alerting.label_texts import expanded

LABELS = {"env": "lab", "pod": "a-1"}


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("plain", 1.0, "plain"),
        ("{{ $labels.pod }}/{{.Labels.none}}", 1.0, "a-1/"),
        ("{{ if gt $value 5.0 }}high{{ end }}", 5.0, ""),
        ("{{ if ge .Value 5.0 }}high{{ end }}", 5.0, "high"),
        ("{{if lt 5.0 $value}}high{{else}}low{{end}}", 6.0, "high"),
        ("{{ if gt $value 9.0 }}a{{ else if gt $value 5.0 }}b{{ else }}c{{ end }}", 6.0, "b"),
        ("x {{- if ne $value 1e1 -}} y {{- end }} z", 9.0, "xy z"),
        ('{{ if eq $labels.env "lab" }}{{ if gt $value 5.0 }}a{{ end }}{{ end }}', 6.0, "a"),
        ("{{ if gt $value 5.0 }}high{{ end }}", math.nan, "high"),
        ("{{ if le $value 5.0 }}low{{ end }}", math.nan, ""),
    ],
)
def test_choices_by_value_and_label_are_made(text: str, value: float, shown: str) -> None:
    assert expanded(text, LABELS, value) == shown


def test_a_value_is_not_compared_with_a_whole_number() -> None:
    """Which is an error of Go's templates, and the label of every alert then."""
    assert expanded("{{ if gt $value 5 }}a{{ end }}", {}, 9.0) == "<error expanding template>"


@pytest.mark.parametrize(
    "text",
    [
        "{{ $value | humanize }}",
        "{{ with $value }}{{ . }}{{ end }}",
        "{{ if and (gt $value 5.0) true }}a{{ end }}",
        "{{ if gt $value 5.0 }}a",
        "{{ end }}",
    ],
)
def test_what_is_not_worked_out_stays_as_it_is(text: str) -> None:
    assert expanded(text, LABELS, 9.0) == text
