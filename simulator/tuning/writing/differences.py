"""What changes in a file, as a unified diff."""

import io
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Literal

__all__ = ["unified_diff"]

_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]


def unified_diff(file: Path, before: bytes, after: bytes) -> str:
    r"""The changed lines with three around them; empty where nothing changes.

    >>> print(unified_diff(Path("a.json"), b'{\n"a": 1\n}', b'{\n"a": 2\n}'), end="")
    --- a.json
    +++ a.json
    @@ -1,3 +1,3 @@
     {
    -"a": 1
    +"a": 2
     }
    \ No newline at end of file
    """
    name = f"{file}\t" if " " in str(file) else str(file)  # patch ends a name at white space
    lines = [f"--- {name}\n", f"+++ {name}\n", *_hunks(_lines(before), _lines(after))]
    return "".join(map(_ended, lines)) if before != after else ""


class _Matcher(SequenceMatcher[str]):
    """Equal lines, also among many that repeat, which `difflib.unified_diff` shows as changed.

    Where no line was put in, lines are compared by their numbers, in linear time.
    """

    a: Sequence[str]  # documented, but typeshed has neither
    b: Sequence[str]

    def get_opcodes(self) -> list[_Opcode]:
        if len(self.a) != len(self.b):
            return super().get_opcodes()
        found: list[_Opcode] = []
        start = 0
        for is_equal, run in groupby(map(str.__eq__, self.a, self.b)):
            end = start + len(list(run))
            found.append(("equal" if is_equal else "replace", start, end, start, end))
            start = end
        return found


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for group in _Matcher(None, before, after, autojunk=False).get_grouped_opcodes():
        (_, start, _, other_start, _), (_, _, end, _, other_end) = group[0], group[-1]
        yield f"@@ -{_range(start, end)} +{_range(other_start, other_end)} @@\n"
        for kind, first, last, other_first, other_last in group:
            if kind == "equal":
                yield from (f" {line}" for line in before[first:last])
            else:
                yield from (f"-{line}" for line in before[first:last])
                yield from (f"+{line}" for line in after[other_first:other_last])


def _range(start: int, end: int) -> str:
    """First line and count as in a hunk's head; no lines are counted from the one before them."""
    count = end - start
    return f"{start + 1}" if count == 1 else f"{start + (count > 0)},{count}"


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    """The lines as git counts them: only a line feed ends one."""
    return list(io.StringIO(content.decode("utf-8", "replace"), newline="\n"))
