"""A chunk's data written and read bit by bit, as tsdb/chunkenc/xor.go does."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def float_bits(value: float) -> int:
    (bits,) = struct.unpack(">Q", struct.pack(">d", value))
    return int(bits)


def uvarint(number: int) -> bytes:
    written = []
    while number >= 0x80:
        written.append(number % 0x80 + 0x80)
        number //= 0x80
    return bytes([*written, number])


def varint(number: int) -> bytes:
    return uvarint(2 * number if number >= 0 else -2 * number - 1)


@dataclass
class Bits:
    """Bits as a text of zeros and ones, which is as plain as can be."""

    text: list[str] = field(default_factory=list)

    def write(self, number: int, width: int) -> None:
        if width:
            self.text.append(format(number % (1 << width), f"0{width}b"))

    def write_bytes(self, written: bytes) -> None:
        for byte in written:
            self.write(byte, 8)

    def as_bytes(self) -> bytes:
        text = "".join(self.text)
        text += "0" * (-len(text) % 8)
        return bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def encoded(times_ms: Sequence[int], values: Sequence[int]) -> bytes:
    """The data of a chunk with these times and bits of values."""
    bits = Bits()
    bits.write(len(times_ms), 16)
    delta, leading, trailing = 0, -1, 0  # no window is open
    for number, (time, value) in enumerate(zip(times_ms, values, strict=True)):
        if number == 0:
            bits.write_bytes(varint(time))
            bits.write(value, 64)
            continue
        before, delta = delta, time - times_ms[number - 1]
        if number == 1:
            bits.write_bytes(uvarint(delta))
        else:
            _write_delta(bits, delta - before)
        leading, trailing = _write_xor(bits, value ^ values[number - 1], leading, trailing)
    return bits.as_bytes()


def _write_delta(bits: Bits, change: int) -> None:
    if change == 0:
        bits.write(0, 1)
        return
    for width, prefix, prefix_width in ((14, 0b10, 2), (17, 0b110, 3), (20, 0b1110, 4)):
        if -(2 ** (width - 1) - 1) <= change <= 2 ** (width - 1):
            bits.write(prefix, prefix_width)
            bits.write(change, width)
            return
    bits.write(0b1111, 4)
    bits.write(change, 64)


def _write_xor(bits: Bits, xor: int, leading: int, trailing: int) -> tuple[int, int]:
    if xor == 0:
        bits.write(0, 1)
        return leading, trailing
    ahead = min(64 - xor.bit_length(), 31)
    behind = (xor & -xor).bit_length() - 1
    if leading >= 0 and ahead >= leading and behind >= trailing:
        bits.write(0b10, 2)
        bits.write(xor >> trailing, 64 - leading - trailing)
        return leading, trailing
    width = 64 - ahead - behind
    bits.write(0b11, 2)
    bits.write(ahead, 5)
    bits.write(width, 6)  # 64 becomes 0
    bits.write(xor >> behind, width)
    return ahead, behind


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.text = "".join(format(byte, "08b") for byte in data)
        self.at = 0

    def read(self, width: int) -> int:
        found = self.text[self.at : self.at + width]
        assert len(found) == width, "the chunk ends too early"
        self.at += width
        return int(found or "0", 2)

    def ones(self, most: int) -> int:
        """How many 1 bits there are before the next 0 bit, at most so many."""
        count = 0
        while count < most and self.read(1):
            count += 1
        return count

    def uvarint(self) -> int:
        number = shift = 0
        while True:
            byte = self.read(8)
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number


def decoded(data: bytes) -> Iterator[tuple[int, int]]:
    """The times and the bits of the values in a chunk's data."""
    reader = _Reader(data)
    count = reader.read(16)
    raw = reader.uvarint()
    time, value = raw // 2 if raw % 2 == 0 else -(raw + 1) // 2, reader.read(64)
    delta = leading = width = 0
    for number in range(count):
        if number == 1:
            delta = reader.uvarint()
        elif number > 1:
            size = (0, 14, 17, 20, 64)[reader.ones(4)]
            change = reader.read(size)
            delta += change - (1 << size) if size and change > 1 << (size - 1) else change
        if number and reader.read(1):
            if reader.read(1):
                leading, width = reader.read(5), reader.read(6) or 64
            value ^= reader.read(width) << (64 - leading - width)
        time += delta
        yield time, value
    assert set(reader.text[reader.at :]) <= {"0"}
    assert len(reader.text) - reader.at < 8
