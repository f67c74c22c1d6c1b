"""What lies behind a recording: a room's echo, a street, a cafe, a train, wind.

Synthesised from noise of a fixed seed and the recording's length: the same every time, and free of
anybody's recording. Each is scaled to a ratio of speech to noise of `RATIO` dB, so that the words
stay intelligible; a room echoes and hums a little.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import signal

from uni_safe_tasks.scenario.schema import Noise

Samples = npt.NDArray[np.float32]
Wide = npt.NDArray[np.float64]
Dice = np.random.Generator

RATIO: dict[Noise, float] = {
    "room": 24.0,
    "street": 12.0,
    "cafe": 12.0,
    "train": 11.0,
    "wind": 11.0,
}


def _coloured(dice: Dice, count: int, slope: float) -> Wide:
    """Noise whose power falls with frequency to the power of `slope`: 1 is pink, 2 brown."""
    spectrum = np.fft.rfft(dice.standard_normal(count))
    place = np.maximum(np.arange(len(spectrum)), 1.0)
    return np.fft.irfft(spectrum / place ** (slope / 2), count)


def _band(data: Wide, rate: int, low: float, high: float) -> Wide:
    return signal.sosfilt(signal.butter(2, (low, high), "bandpass", fs=rate, output="sos"), data)


def _level(data: Wide) -> Wide:
    return data / max(1e-9, float(np.sqrt(np.mean(data**2))))


def _swell(dice: Dice, count: int, rate: int, seconds: float) -> Wide:
    """A slow line between 0 and 1 that turns about every `seconds`."""
    knots = dice.random(max(3, round(count / rate / seconds) + 2))
    return np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots)


def room(dice: Dice, count: int, rate: int) -> Wide:
    """The hum of a fan."""
    hum = sum(np.sin(2 * np.pi * f * np.arange(count) / rate) / n for n, f in ((1, 100), (3, 200)))
    return _level(_coloured(dice, count, 1.6)) + 0.3 * _level(np.asarray(hum))


def street(dice: Dice, count: int, rate: int) -> Wide:
    """Engines that swell and pass over a rumble."""
    rumble = _level(_coloured(dice, count, 1.8))
    passing = _level(_band(_coloured(dice, count, 1.0), rate, 180, 1600))
    return rumble + 0.9 * passing * _swell(dice, count, rate, 1.7) ** 2


def cafe(dice: Dice, count: int, rate: int) -> Wide:
    """A murmur of many voices without words, and the clink of cups."""
    murmur = np.zeros(count)
    for _ in range(9):
        voice = _band(
            dice.standard_normal(count), rate, *sorted(dice.uniform((180, 700), (420, 2200)))
        )
        murmur += _level(voice) * (0.15 + _swell(dice, count, rate, 0.22) ** 3)
    clinks = np.zeros(count)
    for start in dice.integers(0, count, max(1, round(count / rate * 0.8))):
        long = min(count - int(start), round(0.12 * rate))
        ring = np.exp(-np.arange(long) / (0.02 * rate))
        clinks[start : start + long] += ring * np.sin(
            2 * np.pi * dice.uniform(2400, 4800) * np.arange(long) / rate
        )
    return _level(murmur) + 0.35 * clinks


def train(dice: Dice, count: int, rate: int) -> Wide:
    """A carriage's rumble, with the double beat of wheels on joints."""
    rumble = _level(_coloured(dice, count, 2.0)) + 0.35 * _level(_coloured(dice, count, 0.8))
    beat = np.zeros(count)
    step = round(0.62 * rate)
    for start in [s + d for s in range(0, count, step) for d in (0, round(0.13 * rate))]:
        long = min(count - start, round(0.09 * rate))
        if long > 0:
            beat[start : start + long] += dice.standard_normal(long) * np.exp(
                -np.arange(long) / (0.018 * rate)
            )
    return rumble + 0.8 * _band(beat, rate, 80, 900)


def wind(dice: Dice, count: int, rate: int) -> Wide:
    """Gusts that howl a little."""
    blow = _level(_coloured(dice, count, 2.0)) * (0.3 + _swell(dice, count, rate, 0.9))
    howl = _level(_band(dice.standard_normal(count), rate, 350, 650))
    return blow + 0.25 * howl * _swell(dice, count, rate, 1.3) ** 2


KINDS: dict[Noise, Callable[[Dice, int, int], Wide]] = {
    "room": room, "street": street, "cafe": cafe, "train": train, "wind": wind,
}  # fmt: skip


def _echoed(data: Samples, rate: int, dice: Dice) -> Wide:
    """Speech as a hard, small room throws it back: it dies away within 0.35 s."""
    count = round(0.35 * rate)
    tail = dice.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    tail[: round(0.004 * rate)] = 0
    tail *= 0.55 / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return signal.fftconvolve(data, tail)[: len(data)]


def behind(data: Samples, rate: int, noise: Noise) -> Samples:
    """The recording with `noise` behind it; as it was where there is none."""
    if not noise:
        return data
    dice = np.random.default_rng(list(noise.encode()))
    speech = _echoed(data, rate, dice) if noise == "room" else data.astype(np.float64)
    heard = speech[np.abs(speech) > 0.01]  # pauses are no part of how loud speech is
    loud = float(np.sqrt(np.mean(heard**2))) if len(heard) else 0.1
    mixed = speech + _level(KINDS[noise](dice, len(data), rate)) * loud / 10 ** (RATIO[noise] / 20)
    edge = round(0.05 * rate)
    ramp = np.minimum(1.0, np.minimum(np.arange(len(data)), np.arange(len(data))[::-1]) / edge)
    mixed = mixed * ramp
    return (mixed * min(1.0, 0.9 / np.abs(mixed).max())).astype(np.float32)
