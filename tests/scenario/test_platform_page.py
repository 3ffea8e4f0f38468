"""The page about platforms lists every field with its default, as the model has them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
import yaml

from simulator.scenario.loading import load_scenario
from simulator.scenario.platform_part import PlatformPart, with_platform
from tests.support.platform_fields import lines

PAGE: Final = (Path(__file__).parents[2] / "docs" / "platform.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", lines())
def test_each_field_is_listed_with_its_default(line: str) -> None:
    assert f"\n{line}\n" in PAGE


def test_nothing_is_listed_that_is_not_there() -> None:
    table = PAGE.partition("| where | default | |\n|---|---|---|\n")[2].partition("\n\n")[0]

    assert table.splitlines() == lines()


def test_the_example_is_a_platform_on_which_the_tour_can_run() -> None:
    example = PAGE.partition("```yaml\n")[2].partition("```")[0]
    part = PlatformPart.model_validate(yaml.safe_load(example)["platform"])

    platform = with_platform(load_scenario("tour"), part).platform

    assert platform.kafka.topics() == ("scoring-results", "scoring-requests", "transactions")
    assert platform.kafka.archiver == "archiver"
    assert platform.policy.level_names() == ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
