"""Library panels: what they hold, where it is in the dashboard's own file or in one of its own."""

from collections.abc import Iterator, Mapping

from simulator.grafana.json_objects import JsonObject

__all__ = ["Library", "elements_in", "library_panels", "with_library_panel"]

Library = Mapping[str, JsonObject]
"""The models of library panels by uid and by name; a path of "" is another file's."""

_OWN = ("id", "gridPos", "libraryPanel", "repeat", "repeatDirection", "title")


def elements_in(found: JsonObject) -> dict[str, JsonObject]:
    """The library panels that an export holds in `__elements`, by uid and by name."""
    value = found.get("__elements")
    if isinstance(value, dict):
        entries: Iterator[JsonObject] = iter(
            found.child("__elements").child(key) for key in found.child("__elements").members
        )
    else:
        entries = found.children("__elements")
    return {
        name: entry.child("model")
        for entry in entries
        for name in (entry.text("uid"), entry.text("name"))
        if name
    }


def library_panels(document: object) -> dict[str, JsonObject]:
    """The library panels in a parsed file, by uid and by name; none in another file.

    >>> element = {"uid": "u", "name": "Load", "model": {"type": "stat", "targets": []}}
    >>> sorted(library_panels({"result": element}))
    ['Load', 'u']
    """
    entries = document if isinstance(document, list) else [document]
    found: dict[str, JsonObject] = {}
    for entry in entries:
        one = entry.get("result", entry) if isinstance(entry, dict) else None
        if not isinstance(one, dict):
            continue
        names, model = [one.get("uid"), one.get("name")], one.get("model")
        if one.get("kind") == "LibraryPanel":
            about = one.get("metadata")
            names.append(about.get("name") if isinstance(about, dict) else None)
            model = one.get("spec")
            names.append(model.get("title") if isinstance(model, dict) else None)
        if isinstance(model, dict) and "type" in model:
            found |= {str(name): JsonObject(model) for name in names if name}
    return found


def with_library_panel(found: JsonObject, library: Library) -> tuple[JsonObject, str]:
    """A panel with what its library panel holds, and where that stands; as it is without one.

    Its own place in the dashboard, title and repetition stay.
    """
    named = found.child("libraryPanel")
    if not named.members or "targets" in found:
        return found, found.place("fieldConfig")
    model = library.get(named.text("uid")) or library.get(named.text("name"))
    if model is None:
        return found, ""
    own = {key: found.members[key] for key in _OWN if found.members.get(key) not in (None, "")}
    held = {key: value for key, value in model.members.items() if key != "libraryPanel"}
    place = model.place("fieldConfig") if model.path else ""
    return JsonObject({**held, "targets": held.get("targets") or [], **own}, found.path), place
