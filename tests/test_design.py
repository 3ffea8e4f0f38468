"""The page that says how the house is built, and the house."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from tests.support.checkout import CHECKOUT

DESIGN: Final = (CHECKOUT / "docs" / "design.md").read_text(encoding="utf-8")
PACKAGE: Final = CHECKOUT / "simulator"


def section(title: str) -> str:
    return DESIGN.split(f"\n## {title}\n")[1].split("\n## ")[0]


def contracts() -> dict[str, list[str]]:
    """The layers of each room that has some, high to low; `simulator` is the house itself."""
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    layered = (c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return {
        one["containers"][0].rpartition(".")[2]: [x for x in one["layers"] if x != "__main__"]
        for one in layered
    }


def drawings() -> list[str]:
    """The indented paragraphs of the section on layers, without their indentation."""
    found = re.findall(r"\n\n((?:    .+\n)+)", section("Layers"))
    return [re.sub(r"^ +", "", one, flags=re.MULTILINE) for one in found]


def test_the_layers_are_drawn_as_they_are_held() -> None:
    assert drawings()[0].splitlines() == contracts()["simulator"]


def test_the_inner_layers_are_drawn_as_they_are_held() -> None:
    inner = {name: layers for name, layers in contracts().items() if name != "simulator"}
    text = " ".join(drawings()[1].split())
    drawn = re.split(rf"(?:^| )({'|'.join(inner)}) (?=\w+ [|>])", text)[1:]
    assert {
        room: layers.split(" > ") for room, layers in zip(drawn[::2], drawn[1::2], strict=True)
    } == inner


def test_every_room_has_its_one_subject() -> None:
    rooms = {word for layer in contracts()["simulator"] for word in layer.split(" | ")}
    rows = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", section("Layers"), flags=re.MULTILINE)
    assert sorted(rows) == sorted(rooms)


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(?:simulator/)?(\w[\w/]*(?:\.py|/))`", DESIGN))
    missing = {
        one
        for one in named
        if not (CHECKOUT / one).exists() and not any(PACKAGE.glob(f"**/{one.rstrip('/')}"))
    }
    assert not missing
