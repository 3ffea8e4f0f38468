"""How each program of the stack is started on loopback: arguments, environment, ready address."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from simulator.errors import StackError
from simulator.runtime.ending import dying_with_parent
from simulator.runtime.ports import LOOPBACK

__all__ = [
    "Service",
    "alertmanager",
    "alertmanager_obstacle",
    "alerts_path",
    "grafana",
    "prometheus",
    "pushgateway",
]

# History that `backfill` writes must still be there, on a disk that is somebody's laptop.
_RETENTION = ("--storage.tsdb.retention.time=90d", "--storage.tsdb.retention.size=2GB")
# Blocks to be read for some seconds: none is too old or worth merging, and a long query may be
# worth its time.
_READING_ONLY = (
    "--storage.tsdb.retention.time=100y",
    "--storage.tsdb.min-block-duration=2h",
    "--storage.tsdb.max-block-duration=2h",
    "--query.timeout=5m",
    "--query.max-samples=200000000",
)

# It lives for seconds, so its garbage may lie about, up to a limit past which it is collected as
# often as need be (Go, package runtime). A day of panels takes a tenth less of the processor.
_LEAVING_GARBAGE = {"GOGC": "400", "GOMEMLIMIT": "1GiB"}

# What links in alerts begin with; without it they carry the machine's name, which need not resolve.
_OWN_ADDRESS = f"--web.external-url=http://{LOOPBACK}:{{port}}/"

_TEMPLATE = Path("usr/share/prometheus/alertmanager/default.tmpl")


@dataclass(frozen=True, slots=True)
class Service:
    """A program ready to be started on a port that is not known yet.

    Arguments and environment values contain `{port}` where the port belongs.
    """

    name: str
    argv: tuple[str, ...]
    ready_path: str
    usual_port: int
    env: Mapping[str, str] = field(default_factory=dict)

    def argv_on(self, port: int) -> list[str]:
        """The command line on this port.

        >>> Service("x", ("x", "--at={port}"), "/", 1).argv_on(40001)
        ['x', '--at=40001']
        """
        return [word.replace("{port}", str(port)) for word in self.argv]

    def env_on(self, port: int) -> dict[str, str]:
        """The environment on this port."""
        return {name: value.replace("{port}", str(port)) for name, value in self.env.items()}


def pushgateway(program: Path) -> Service:
    """The Pushgateway, in memory only: groups of an earlier run never come back."""
    argv = [str(program), f"--web.listen-address={LOOPBACK}:{{port}}", "--persistence.file="]
    if folder := _debian_pages(program, "pushgateway"):
        argv.append(f"--web.local-assets={folder}")
    return Service("pushgateway", tuple(argv), "/-/ready", 9091)


def alertmanager_obstacle(program: Path, *, system: Path = Path("/")) -> str | None:
    """Why this Alertmanager cannot run here, or None."""
    if not _misses_its_template(program, system) or _can_overlay(_share(program)):
        return None
    return (
        f"Alertmanager not started: {program} is Debian's, which needs /{_TEMPLATE}, and this "
        "system allows no private view of /usr/share; to have it, run: "
        "sudo apt-get install prometheus-alertmanager"
    )


def _share(program: Path) -> Path:
    """The `usr/share` that was unpacked with a program in `usr/bin`."""
    return program.parent.parent / "share"


def _misses_its_template(program: Path, system: Path) -> bool:
    """Whether it is Debian's, unpacked into a folder, without the package being installed.

    Debian's opens its templates at one absolute path that no flag changes.
    """
    is_debians = (_share(program).parent.parent / _TEMPLATE).is_file()
    return is_debians and not (system / _TEMPLATE).is_file()


def _overlay(share: Path) -> list[str]:
    """What to put before a command so that it sees `share` merged into /usr/share.

    Only that process sees it: an overlay in user and mount namespaces of its own, which needs no
    root. Entering them forgets the wish to end with the parent, so it is made again inside.
    """
    script = 'mount -t overlay overlay -o lowerdir="$1":/usr/share /usr/share && shift && exec "$@"'
    return [
        *("unshare", "--user", "--map-root-user", "--mount"),
        *("sh", "-c", script, "sh", str(share)),
        *dying_with_parent(),
    ]


@cache
def _can_overlay(share: Path) -> bool:
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return False
    trial = subprocess.run(  # noqa: S603 - fixed words and a folder of ours
        [*_overlay(share), "true"], capture_output=True, check=False, timeout=10
    )
    return trial.returncode == 0


def alertmanager(
    program: Path, *, config_file: Path, storage_dir: Path, system: Path = Path("/")
) -> Service:
    """The Alertmanager alone: no cluster, so no second port."""
    argv = [
        *(_overlay(_share(program)) if _misses_its_template(program, system) else ()),
        str(program),
        f"--config.file={config_file}",
        f"--storage.path={storage_dir}",
        f"--web.listen-address={LOOPBACK}:{{port}}",
        _OWN_ADDRESS,
        "--cluster.listen-address=",
    ]
    # Debian does not build the Elm page; its `no-ui` says so where a page was not added to `ui`.
    for page in ("alertmanager/ui", "alertmanager/no-ui"):
        if (folder := _debian_pages(program, page)) and (folder / "index.html").is_file():
            argv.append(f"--web.ui-path={folder}")
            break
    return Service("alertmanager", tuple(argv), "/-/ready", 9093)


def prometheus(
    program: Path,
    *,
    config_file: Path,
    storage_dir: Path,
    is_reading_only: bool = False,
    consoles_dir: Path | None = None,
) -> Service:
    """Prometheus on one data folder; it keeps all of it and merges nothing where it only reads.

    Pages in `consoles_dir` are served under `/consoles/`.
    """
    argv = [
        str(program),
        f"--config.file={config_file}",
        f"--storage.tsdb.path={storage_dir}",
        *(_READING_ONLY if is_reading_only else _RETENTION),
        f"--web.listen-address={LOOPBACK}:{{port}}",
        _OWN_ADDRESS,
    ]
    if consoles_dir is not None:
        argv += [
            f"--web.console.templates={consoles_dir}",
            f"--web.console.libraries={consoles_dir}",
        ]
    if folder := _debian_pages(program, "web"):
        argv.append(f"--web.local-assets={folder}")
    garbage = _LEAVING_GARBAGE if is_reading_only else {}
    env = {name: value for name, value in garbage.items() if name not in os.environ}
    return Service("prometheus", tuple(argv), "/-/ready", 9090, env)


def alerts_path(program: Path) -> str:
    """Where this Prometheus shows its alerts: Debian's has its oldest pages only."""
    return "/classic/alerts" if _debian_pages(program, "web") else "/alerts"


def grafana(program: Path, *, provisioning_dir: Path, data_dir: Path) -> Service:
    """Grafana, readable without a login; its admin password is in `data_dir/admin-password`.

    The password is GRAFANA_ADMIN_PASSWORD where that is set, a random one otherwise. It reaches
    Grafana through the environment, which only the same user can read.

    Raises:
        StackError: when the folder with Grafana's pages is not found beside the program.
    """
    home = _grafana_home(program)
    subcommand = () if program.name == "grafana-server" else ("server",)
    environment = {
        "GF_SERVER_HTTP_ADDR": LOOPBACK,
        "GF_SERVER_HTTP_PORT": "{port}",
        "GF_PATHS_DATA": str(data_dir),
        "GF_PATHS_LOGS": str(data_dir / "logs"),
        "GF_PATHS_PLUGINS": str(data_dir / "plugins"),
        "GF_PATHS_PROVISIONING": str(provisioning_dir),
        "GF_LOG_MODE": "console",
        "GF_AUTH_ANONYMOUS_ENABLED": "true",
        "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer",
        "GF_SECURITY_ADMIN_PASSWORD": _admin_password(data_dir),
        "GF_ANALYTICS_REPORTING_ENABLED": "false",
        "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
        "GF_PLUGINS_PREINSTALL_DISABLED": "true",
        "GF_PLUGINS_PREINSTALL_AUTO_UPDATE": "false",
    }
    argv = (str(program), *subcommand, f"--homepath={home}")
    return Service("grafana", argv, "/api/health", 3000, environment)


def _debian_pages(program: Path, name: str) -> Path | None:
    """Debian's folder for a program's web pages, when the program is Debian's.

    Debian ships them beside the program and adds a flag for the place; elsewhere they are inside
    the program, and the flag does not exist. The flag is needed because its default is the place
    of an installed package, and the package may be unpacked anywhere.
    """
    folder = program.parent.parent / "share" / "prometheus" / name
    is_debians = (folder.parent / "web" / "templates").is_dir() or (
        program.name.startswith("prometheus-") and folder.is_dir()
    )
    return folder if is_debians and folder.is_dir() else None


def _grafana_home(program: Path) -> Path:
    """The folder with `conf/defaults.ini`: the archive's, a package's or Homebrew's."""
    prefix = program.resolve().parent.parent
    candidates = (prefix, prefix / "share" / "grafana", Path("/usr/share/grafana"))
    for folder in candidates:
        if (folder / "conf" / "defaults.ini").is_file():
            return folder
    looked_in = ", ".join(map(str, candidates))
    raise StackError(f"no conf/defaults.ini of Grafana for {program}: looked in {looked_in}")


def _admin_password(data_dir: Path) -> str:
    password = os.environ.get("GRAFANA_ADMIN_PASSWORD") or secrets.token_urlsafe(16)
    file = data_dir / "admin-password"
    file.touch(mode=0o600)
    file.write_text(password + "\n")
    return password
