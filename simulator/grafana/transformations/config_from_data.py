"""`configFromData`: one query's result as the field settings of the others.

public/app/features/transformers/configFromQuery/configFromQuery.ts.
"""

from dataclasses import replace

from simulator.grafana.field_matchers import KNOWN_MATCHERS, Candidate, is_matched
from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame
from simulator.grafana.model import Matcher
from simulator.grafana.transformations.field_settings import rules_for, settings_from
from simulator.grafana.transformations.options import Options, UnreadOptionError, mapping
from simulator.grafana.transformations.reducing import reduced_cell

__all__ = ["config_from_data"]


def config_from_data(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """All frames but the first of that query, with its settings.

    Raises:
        UnreadOptionError: a matcher, or a setting, that is not read.
    """
    wanted = options.get("configRefId", "config")
    source = next((frame for frame in frames if frame.ref_id == wanted), None)
    if source is None:
        return frames
    names = frame_names(source, [source])
    rules = rules_for(names, options)
    cells = {
        name: reduced_cell(field, rules[name].reducer)
        for field, name in zip(source.fields, names, strict=True)
    }
    settings = settings_from(cells, rules)
    applies = mapping(options, "applyTo")
    matcher = Matcher(str(applies.get("id", "numeric")), applies.get("options"))
    if matcher.id not in KNOWN_MATCHERS:
        raise UnreadOptionError(f"matcher {matcher.id!r}")

    def with_settings(field: Field, name: str, ref_id: str) -> Field:
        if not is_matched(matcher, Candidate(field, name, ref_id)):
            return field
        renamed = str(settings.get("displayName", field.renamed))
        return replace(field, renamed=renamed, settings={**field.settings, **settings})

    return tuple(
        replace(
            frame,
            fields=tuple(
                with_settings(field, name, frame.ref_id)
                for field, name in zip(frame.fields, frame_names(frame, frames), strict=True)
            ),
        )
        for frame in frames
        if frame is not source or len(frames) == 1
    )
