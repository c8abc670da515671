"""What a model may know of a learner at a cut-off: days and counts, nothing about the person.

Every feature is a function of `Past`, which ends with the cut-off, so nothing from the future can come in.
"""

from dataclasses import replace

import numpy as np

from engagement.domain.forecast.history import Past

REACH_DAYS = 84
WEEKS = REACH_DAYS // 7
SPANS = (3, 7, 14, 28, 56)
HALF_LIVES = (4.0, 14.0, 42.0)
_PAIRS = np.triu_indices(8, 1)


def features_of(past: Past, peers: np.ndarray) -> np.ndarray:
    """(k, f) values in the order of FEATURES. `past` reaches back REACH_DAYS; peers (k, 7) as peer_rows gives them."""
    return np.column_stack([*_own(past).values(), peers]).astype(np.float64)


def _own(past: Past) -> dict[str, np.ndarray]:
    named = _recency(past) | _spans(past) | _weeks(past) | _decayed(past) | _weekdays(past)
    return named | {"days since the start (log)": np.log1p(past.tenure)}


def _recency(past: Past) -> dict[str, np.ndarray]:
    reach = past.active.shape[1]
    ages = np.arange(reach)
    # Never active: as long ago as the learner has been watched.
    seen = past.active.any(axis=1)
    recency = np.where(seen, past.active.argmax(axis=1), past.observed).astype(float)
    count = past.active.sum(axis=1)
    oldest = np.where(seen, reach - 1 - past.active[:, ::-1].argmax(axis=1), 0)
    usual = np.where(count > 1, (oldest - recency) / np.maximum(count - 1, 1), np.maximum(past.observed, 1))
    # The longest stretch without an active day between two of them.
    last = np.maximum.accumulate(np.where(past.active, ages, -1), axis=1)
    gaps = np.where(past.active[:, 1:] & (last[:, :-1] >= 0), ages[1:] - last[:, :-1], 0)
    longest = gaps.max(axis=1)
    return {
        "days since the last active day": recency,
        "usual gap": usual,
        "days since, in usual gaps": recency / np.maximum(usual, 1.0),
        "longest gap": longest.astype(float),
        "days since, beyond the longest gap": recency - longest,
        "latest gap": np.where(count > 1, (gaps > 0).argmax(axis=1) + 1 - recency, np.nan_to_num(usual)),
    }


def _spans(past: Past) -> dict[str, np.ndarray]:
    named = {}
    active, volume = past.active.cumsum(axis=1), past.volume.cumsum(axis=1)
    for span in SPANS:
        named[f"active days in {span}"] = active[:, span - 1].astype(float)
        named[f"interactions in {span} (log)"] = np.log1p(volume[:, span - 1])
    watched = np.maximum(past.observed, 1)
    named["share of active days"] = active[:, -1] / watched
    named["interactions an active day (log)"] = np.log1p(volume[:, -1] / np.maximum(active[:, -1], 1))
    named["last active day's interactions (log)"] = np.log1p(
        np.take_along_axis(past.volume, past.active.argmax(axis=1)[:, None], axis=1)[:, 0]
    )
    return named


def _weeks(past: Past) -> dict[str, np.ndarray]:
    weeks = past.active.reshape(len(past.active), WEEKS, 7).sum(axis=2).astype(float)
    named = {f"active days, week {number + 1} back": weeks[:, number] for number in range(6)}
    # Theil-Sen over eight weeks; days before the start are no observation, so weeks are not all there.
    complete = (past.observed[:, None] // 7) > np.arange(8)[None, :]
    first, second = _PAIRS
    slopes = (weeks[:, first] - weeks[:, second]) / (second - first)
    slopes = np.where(complete[:, first] & complete[:, second], slopes, np.nan)
    enough = complete[:, 1]
    slope = np.zeros(len(weeks))
    if enough.any():
        slope[enough] = np.nanmedian(slopes[enough], axis=1)
    named["slope of weekly active days"] = slope
    named["weeks without an active day, of 12"] = (
        ((weeks == 0) & ((past.observed[:, None] // 7) > np.arange(WEEKS)[None, :])).sum(axis=1).astype(float)
    )
    return named


def _decayed(past: Past) -> dict[str, np.ndarray]:
    named, ages = {}, np.arange(past.active.shape[1])
    inside = ages[None, :] < past.observed[:, None]
    for half_life in HALF_LIVES:
        weights = np.exp2(-ages / half_life)
        possible = np.maximum((inside * weights).sum(axis=1), 1.0)
        named[f"active days, halved every {half_life:g}"] = past.active @ weights / possible
        named[f"interactions, halved every {half_life:g} (log)"] = np.log1p(past.volume @ weights / possible)
    return named


def _weekdays(past: Past) -> dict[str, np.ndarray]:
    """How evenly active days lie over the week: normalised entropy, 1 where all weekdays are alike."""
    counts = past.active.reshape(len(past.active), WEEKS, 7).sum(axis=1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.where(shares > 0, shares * np.log(shares), 0.0).sum(axis=1) / np.log(7)
    return {"evenness over weekdays": entropy}


_NOBODY = Past(*(np.zeros((0, REACH_DAYS)) for _ in range(4)), *(np.zeros(0, int) for _ in range(2)))
FEATURES = (
    *_own(replace(_NOBODY, active=np.zeros((0, REACH_DAYS), bool))),
    *(f"share of the cohort at work, week {week} back" for week in (1, 2, 3, 4)),
    "share of the cohort at work in 14 days",
    "the cohort's active days in 7",
    "the cohort's days since the start",
)
PEER_FEATURES = 7
