"""Companies with a change whose truth is known."""

import numpy as np
import pyarrow as pa


def remembering(generator, shape, memory):
    """Errors of variance 1 whose neighbours correlate by MEMORY, along the last axis."""
    errors = generator.normal(size=shape)
    for k in range(1, shape[-1]):
        errors[..., k] = memory * errors[..., k - 1] + np.sqrt(1 - memory**2) * errors[..., k]
    return errors


def series(seed, *, size=104, start=70, effect=0.0, memory=0.3, season=5.0, spread=4.0):
    """A weekly series of minutes whose level changes by EFFECT in week START."""
    generator, time = np.random.default_rng(seed), np.arange(size)
    wave = season * np.sin(2 * np.pi * time / 52.18)
    minutes = 50 + 0.05 * time + wave + spread * remembering(generator, (size,), memory)
    return pa.table({"week": weeks(size), "minutes": minutes + effect * (time >= start)})


def counts(seed, *, size=104, start=70, ratio=1.0, clumping=0.2):
    """A weekly number of complaints among contacts; its rate changes by RATIO in week START."""
    generator, time = np.random.default_rng(seed), np.arange(size)
    contacts = generator.integers(300, 500, size)
    rate = 0.1 * np.exp(0.15 * np.sin(2 * np.pi * time / 52.18)) * ratio ** (time >= start)
    rate = rate * np.exp(clumping * generator.normal(size=size))
    complaints = generator.poisson(contacts * rate)
    return pa.table({"week": weeks(size), "complaints": complaints, "contacts": contacts})


def units(
    seed, *, count=30, size=20, start=12, treated=10, effect=0.0, steps=0, worst=False, levels=5.0
):
    """Units with a level each; TREATED of them (the WORST, or drawn) change by EFFECT.

    STEPS spreads the change over so many periods after START; the column ``from`` is 0 for never.
    """
    generator = np.random.default_rng(seed)
    level, common = generator.normal(size=(count, 1)) * levels, generator.normal(size=size) * 2
    outcome = 50 + level + common + 4 * remembering(generator, (count, size), 0.5)
    order = generator.permutation(count)
    if worst:
        order = np.argsort(-outcome[:, :start].mean(axis=1))
    begins = np.zeros(count, int)
    begins[order[:treated]] = start + 1
    if steps:
        begins[order[:treated]] += generator.integers(0, steps + 1, treated)
    time = np.arange(1, size + 1)
    outcome += effect * ((time >= begins[:, None]) & (begins[:, None] > 0))
    return pa.table(
        {
            "team": np.repeat([f"T{k:03d}" for k in range(count)], size),
            "period": np.tile(time, count),
            "minutes": outcome.ravel(),
            "from": np.repeat(begins, size),
        }
    )


def weeks(size):
    """Mondays from 1 January 2024 on."""
    return (np.datetime64("2024-01-01") + 7 * np.arange(size)).astype("datetime64[s]")
