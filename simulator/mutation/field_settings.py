"""The settings of a panel's fields, one by one, and a panel with another value for one of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulator.grafana.model import Panel

__all__ = ["Setting", "settings_of", "with_setting"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value among the defaults, or a property of the override of that number."""

    name: str
    value: object
    override: int | None = None
    number: int = 0

    @property
    def path(self) -> str:
        """Its place below the panel's field settings."""
        if self.override is None:
            return f"defaults.{self.name}"
        return f"overrides[{self.override}].properties[{self.number}].value"


def settings_of(panel: Panel) -> Iterator[Setting]:
    """All of them: the defaults, then the overrides in order."""
    for name, value in panel.field_config.defaults.items():
        yield Setting(name, value)
    for override, one in enumerate(panel.field_config.overrides):
        for number, (name, value) in enumerate(one.properties):
            yield Setting(name, value, override, number)


def with_setting(panel: Panel, setting: Setting, value: object) -> Panel:
    """The panel with the value in place of the setting's own."""
    config = panel.field_config
    if setting.override is None:
        changed = replace(config, defaults={**config.defaults, setting.name: value})
        return replace(panel, field_config=changed)
    overrides = list(config.overrides)
    properties = list(overrides[setting.override].properties)
    properties[setting.number] = (setting.name, value)
    overrides[setting.override] = replace(overrides[setting.override], properties=tuple(properties))
    return replace(panel, field_config=replace(config, overrides=tuple(overrides)))
