"""`timeSeriesTable`: a row per series of a query, with its labels and a small plot of it.

public/app/features/transformers/timeSeriesTable/timeSeriesTableTransformer.ts.
"""

from simulator.grafana.frames import Frame, number_field, text_field
from simulator.grafana.transformations.options import Options, mapping
from simulator.grafana.transformations.reducing import reduced_cell
from simulator.grafana.transformations.series_to_rows import is_series

__all__ = ["time_series_table"]


def time_series_table(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """Frames that are no series, then a table per query; a plot counts as its one number."""
    tables = []
    for ref_id in dict.fromkeys(frame.ref_id for frame in frames):
        of_query = [frame for frame in frames if frame.ref_id == ref_id and is_series(frame)]
        numbers = [field for frame in of_query for field in frame.fields if field.kind == "number"]
        if not numbers:
            continue
        calc = str(mapping(options, ref_id).get("stat") or "lastNotNull")
        labels = dict.fromkeys(name for field in numbers for name in field.labels or ())
        texts = [
            text_field(name, ((field.labels or {}).get(name, "") for field in numbers))
            for name in labels
        ]
        cells = (reduced_cell(field, calc) for field in numbers)
        values = number_field(f"Trend #{ref_id}", (float(one) for one in cells))
        tables.append(Frame(ref_id, (*texts, values)))
    return (*(frame for frame in frames if not is_series(frame)), *tables)
