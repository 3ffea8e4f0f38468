"""A package archive of Debian's kind, for an installer that fetches from nowhere else."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROGRAMS = {
    "prometheus": ("prometheus", "promtool"),
    "prometheus-pushgateway": ("prometheus-pushgateway",),
    "prometheus-alertmanager": ("prometheus-alertmanager", "amtool"),
}
RUNS = "#!/bin/sh\necho version 1.0\n"


class Archive:
    """A flat package archive in a folder, and the apt configuration that knows only it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "archive"
        self.folder.mkdir()
        self.config = folder / "apt.conf"
        sources = folder / "sources.list"
        sources.write_text(f"deb [trusted=yes] file:{self.folder} ./\n")
        nothing = folder / "nothing"
        nothing.mkdir()
        self.config.write_text(
            f'Dir::Etc::SourceList "{sources}";\n'
            f'Dir::Etc::SourceParts "{nothing}";\n'
            f'Dir::Etc::Parts "{nothing}";\n'
        )

    def publish(self, files: Mapping[str, str], *, package: str, depends: str = "") -> None:
        tree = self.folder.parent / "build" / package
        control = f"Package: {package}\nVersion: 1.0\nArchitecture: all\nMaintainer: t <t@t>\n"
        control += f"Depends: {depends}\n" if depends else ""
        for name, text in {**files, "DEBIAN/control": control + "Description: t\n"}.items():
            file = tree / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(0o755)
        target = self.folder / f"{package}.deb"
        subprocess.run(["dpkg-deb", "--build", tree, target], check=True, capture_output=True)
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        with (self.folder / "Packages").open("a") as index:
            index.write(
                f"{control}Filename: ./{target.name}\nSize: {target.stat().st_size}\n"
                f"SHA256: {digest}\nDescription: t\n\n"
            )

    def publish_all(self, *, alertmanager: str = RUNS) -> None:
        for package, names in PROGRAMS.items():
            text = alertmanager if package == "prometheus-alertmanager" else RUNS
            depends = "libjs-jquery, adduser" if package == "prometheus" else ""
            files = {f"usr/bin/{name}": text for name in names}
            self.publish(files, package=package, depends=depends)
        self.publish({"usr/share/javascript/jquery.js": "1"}, package="libjs-jquery")
        self.publish({"usr/sbin/adduser": RUNS}, package="adduser")
