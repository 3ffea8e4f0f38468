"""Chromium without a window: what a page looks like, and what it complains about."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SECONDS = 120
_QUIET = (
    "--headless",
    "--no-sandbox",  # containers have no user namespaces; the only page is the test's own
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
)


@dataclass(frozen=True)
class Browser:
    """A browser's program, and a folder for its profiles and pictures."""

    program: str
    folder: Path

    def dom(self, page: Path) -> tuple[str, list[str]]:
        """The page as the browser understood it, and the lines of its console."""
        done = self._run(page, "--dump-dom", "--enable-logging=stderr", "--v=0")
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    def picture(
        self, page: Path, *, width: int, height: int, is_dark: bool = False
    ) -> NDArray[np.uint8]:
        """The upper part of the page, shape (height, width, 3)."""
        file = self.folder / "page.png"
        scheme = ["--blink-settings=preferredColorScheme=0"] if is_dark else []
        self._run(page, f"--screenshot={file}", f"--window-size={width},{height}", *scheme)
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"))

    def _run(self, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
        profile = f"--user-data-dir={self.folder / 'profile'}"
        return subprocess.run(
            [self.program, *_QUIET, profile, *options, page.as_uri()],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
