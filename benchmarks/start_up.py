"""How long the command line takes to answer `--help`."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from _measuring import AS_INSTALLED, Target, print_table, verdict

_PROGRAMS = Path(sys.executable).parent
_COMMANDS: dict[str, list[str]] = {
    "simulator --help": [str(_PROGRAMS / "simulator"), "--help"],
    "simulator run --help": [str(_PROGRAMS / "simulator"), "run", "--help"],
    "python -c pass": [sys.executable, "-c", "pass"],
    "locust --help": [str(_PROGRAMS / "locust"), "--help"],
}
_N_ROUNDS = 9
_LIMIT_SECONDS = 0.5


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    for argv in _COMMANDS.values():
        _seconds(argv)  # files are read from the disk once
    rounds = [{name: _seconds(argv) for name, argv in _COMMANDS.items()} for _ in range(_N_ROUNDS)]
    columns = {name: [each[name] for each in rounds] for name in _COMMANDS}
    print_table(
        f"Seconds from start to end, {_N_ROUNDS} rounds in turns",
        ("command", "median", "least", "most"),
        [
            (name, *(f"{of(seconds):.3f}" for of in (median, min, max)))
            for name, seconds in columns.items()
        ],
    )
    wanted = ("simulator --help", "simulator run --help")
    return verdict(
        began,
        *(Target(f"median of {w}", median(columns[w]), _LIMIT_SECONDS, " s") for w in wanted),
    )


def _seconds(argv: list[str]) -> float:
    """Wall-clock seconds: what a person waits."""
    began = perf_counter()
    subprocess.run(argv, check=True, env=AS_INSTALLED, stdout=subprocess.DEVNULL, timeout=30)
    return perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
