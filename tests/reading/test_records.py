"""A record of a file, or everything that is wrong with it at once, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from simulator.errors import ScenarioError
from simulator.reading.records import Problem, listed, record_in

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cat(_Closed):
    kind: Literal["cat"]
    lives: int = 9
    indoors: bool = False


class Dog(_Closed):
    kind: Literal["dog"]
    bone: Cat | None = None


class House(_Closed):
    rooms: int = 1
    lit: dict[str, bool] = {}
    weights: dict[str, float] = {}
    pets: tuple[Annotated[Cat | Dog, Field(discriminator="kind")], ...] = ()


def too_many(house: House) -> Iterator[Problem]:
    if len(house.pets) > house.rooms:
        yield "pets", f"{len(house.pets)} in {house.rooms}"
    if house.rooms > 3:
        yield "rooms", "too many"


def house(content: dict[str, Any]) -> House:
    return record_in(House, content, "house.yaml", rules=too_many, error=ScenarioError)


def refused(content: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        house(content)
    return str(error.value).splitlines()


def test_a_good_one_is_read() -> None:
    found = house({"rooms": 2, "pets": [{"kind": "cat", "lives": 7}]})

    assert found == House(rooms=2, pets=(Cat(kind="cat", lives=7),))


def test_the_tag_of_a_kind_is_no_part_of_a_path() -> None:
    pets = [{"kind": "cat", "lives": "no"}, {"kind": "dog", "bone": {"lives": "many"}}]

    assert [line.split(": ")[1] for line in refused({"rooms": 2, "pets": pets})] == [
        "pets.0.lives",
        "pets.1.bone.kind",
        "pets.1.bone.lives",
    ]


def test_a_misspelt_key_within_a_kind_is_asked_for() -> None:
    (line,) = refused({"pets": [{"kind": "cat", "lifes": 3}]})

    assert line.endswith("lifes: is no key here (found 3); did you mean 'lives'?")


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"rooms": True}, "rooms"),
        ({"weights": {"roof": False}}, "weights.roof"),
        ({"pets": [{"kind": "cat", "lives": True}]}, "pets.0.lives"),
    ],
)
def test_yes_is_no_number(content: dict[str, Any], path: str) -> None:
    (line,) = refused(content)

    assert line.startswith(f"house.yaml: {path}: is a truth value, which nothing here is")


def test_yes_is_taken_where_it_may_stand() -> None:
    found = house({"lit": {"hall": True}, "pets": [{"kind": "cat", "indoors": True}]})

    assert found.lit == {"hall": True}
    assert found.pets == (Cat(kind="cat", indoors=True),)


def test_yes_under_an_unknown_key_is_an_unknown_key() -> None:
    (line,) = refused({"colour": True})

    assert "colour: is no key here" in line


def test_rules_are_asked_once_types_are_right() -> None:
    pets = [{"kind": "cat"}] * 5

    assert refused({"rooms": 4, "pets": pets}) == [
        "house.yaml: pets: 5 in 4",
        "house.yaml: rooms: too many",
    ]


def test_of_many_problems_the_rest_is_counted() -> None:
    lines = listed("x", [(f"a{i}", "is wrong") for i in range(101)]).splitlines()

    assert len(lines) == 101
    assert lines[-1] == "x: and 1 more"
