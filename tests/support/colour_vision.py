"""How far apart two colours look, to people who see all colours and to people who do not."""

import math
import re

import numpy as np
from numpy.typing import NDArray

_Row = NDArray[np.float64]

# Full protanopia, deuteranopia, tritanopia on linear RGB: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.0.
_SIGHT = {
    "all colours": np.eye(3),
    "no red cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue cones": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Linear RGB to OKLab: B. Ottosson, "A perceptual color space for image processing", 2020.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(css: str) -> _Row:
    """The three linear RGB parts, 0 to 1, of a colour written `#RRGGBB`."""
    assert re.fullmatch(r"#[0-9A-Fa-f]{6}", css), css
    parts = np.array([int(css[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    small = parts / 12.92
    curve: _Row = ((parts + 0.055) / 1.055) ** 2.4
    return np.where(parts <= 0.04045, small, curve)


def distance(one: str, other: str) -> float:
    """The distance in OKLab, black to white being 1, to whoever tells the two apart worst.

    >>> round(distance("#000000", "#FFFFFF"), 2)
    1.0
    >>> distance("#5794F2", "#5794F2")
    0.0
    """
    return min(
        math.dist(_oklab(sight @ linear(one)), _oklab(sight @ linear(other)))
        for sight in _SIGHT.values()
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(weights @ linear(css)) for css in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _oklab(rgb: _Row) -> _Row:
    return _TO_LAB @ np.cbrt(_TO_CONES @ np.clip(rgb, 0, 1))
