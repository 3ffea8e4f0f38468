"""What is wrong with a mapping file: all of it at once, each with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import MappingError
from simulator.mapping.loading import load_mappings, parse_mapping

if TYPE_CHECKING:
    from pathlib import Path


def refusal(**metrics: dict[str, Any]) -> str:
    text = json.dumps({"version": 1, "name": "x", "metrics": metrics})
    with pytest.raises(MappingError) as raised:
        parse_mapping(text, "x.yaml")
    return str(raised.value)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ({"measure": "aplications"}, "metrics.m.measure: there is no measure 'aplications'; did"),
        ({}, "metrics.m: write exactly one of measure"),
        (
            {"measure": "applications", "labels": {"a": "chanel"}},
            "metrics.m.labels.a: applications cannot be told apart by 'chanel'; it has channel, ",
        ),
        (
            {"measure": "applications", "labels": {"a": {"values": {"x": "y"}}}},
            "metrics.m.labels.a: says neither dimension nor template",
        ),
        (
            {"measure": "applications", "where": {"channel": "wep"}},
            "metrics.m.where.channel: there is no channel 'wep', but web, mobile, partner, branch; "
            "did you mean 'web'?",
        ),
        (
            {"measure": "applications", "where": {"channel": {}}},
            "metrics.m.where.channel: write either only or without",
        ),
        ({"measure": "psi", "fold": "sum"}, "metrics.m.fold: psi is folded by max or production"),
        (
            {"measure": "applications", "fold": "max"},
            "metrics.m.fold: applications is counted, and counts are summed",
        ),
        (
            {"measure": "http_requests", "labels": {"a": "class", "b": "status"}},
            "metrics.m.labels: http_requests is not simulated by class and status together",
        ),
        (
            {"measure": "applications", "labels": {"a": "channel"}, "constant": {"a": "x"}},
            "metrics.m.constant.a: is a label of a dimension, too",
        ),
    ],
)
def test_a_metric_is_refused_with_its_place(metric: dict[str, Any], said: str) -> None:
    assert said in refusal(m=metric)


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = refusal(a={"measure": "x"}, b={"measure": "psi", "fold": "sum"}, c={})
    assert [line.split(": ")[1] for line in found.splitlines()] == [
        "metrics.a.measure",
        "metrics.b.fold",
        "metrics.c",
    ]


@pytest.mark.parametrize("name", ["1st", "a-b", "a b", "", "é"])
def test_a_name_that_prometheus_does_not_take_is_refused(name: str) -> None:
    assert f"metrics.{name}" in refusal(**{name: {"measure": "auc"}})


@pytest.mark.parametrize("label", ["__name__", "1st", "a-b"])
def test_a_label_that_prometheus_does_not_take_is_refused(label: str) -> None:
    assert "metrics.m.labels" in refusal(m={"measure": "auc", "labels": {label: "version"}})


def test_a_later_mapping_stands_in_the_place_of_an_earlier_metric(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("version: 1\nname: mine\nmetrics: {kafka_brokers: {measure: auc}}\n")
    found = load_mappings(["default", str(file)])
    assert found.metrics["kafka_brokers"].measure == "auc"
    assert found.metrics["ml_model_auc"].measure == "auc"
    assert found.name == "default+mine"
