"""When a learner works: sessions, the hours and the weekdays he prefers."""

import numpy as np
from scipy.special import bdtrc, chdtrc

from engagement.domain.patterns.finding import Finding, Outcome, short_of
from engagement.domain.patterns.history import History
from interactions.domain.sessions import find_sessions

LEAST_SESSIONS, LEAST_DAYS = 20, 14
MOST_P = 0.01
BLOCK_HOURS, LEAST_BLOCK_SHARE = 3, 0.35
# Nobody works around the clock: a block must also stand out among the hours of a waking day.
WAKING_HOURS = 16
TOP_DAYS, LEAST_TOP_DAYS_SHARE = 3, 0.70
SMOOTHING = 0.5
# From as many sessions on their figures are taken for the learner's way.
WELL_KNOWN_SESSIONS = 20


def uniformity_p(counts: np.ndarray, exposure: np.ndarray | None = None) -> float:
    """The p of Pearson's chi-square that k counts follow their exposure (default: all the same); 1 without counts."""
    share = np.full(len(counts), 1 / len(counts)) if exposure is None else exposure / exposure.sum()
    expected = counts.sum() * share
    if not counts.sum() or (expected <= 0).any():
        return 1.0
    return float(chdtrc(len(counts) - 1, ((counts - expected) ** 2 / expected).sum()))


def smoothed(counts: np.ndarray) -> np.ndarray:
    """Shares of k counts with half a count added to each; they sum to 1."""
    return (counts + SMOOTHING) / (counts + SMOOTHING).sum()


def top_block(shares: np.ndarray, hours: int = BLOCK_HOURS) -> tuple[int, float]:
    """The hour at which the fullest block of so many hours begins, past midnight too, and its share."""
    blocks = sum(np.roll(shares, -step) for step in range(hours))
    start = int(np.argmax(blocks))
    return start, float(blocks[start])


def block_p(inside: int, sessions: int) -> float:
    """How likely so many sessions fall into the fullest block of a waking day by chance, at most (Bonferroni)."""
    return min(1.0, WAKING_HOURS * float(bdtrc(inside - 1, sessions, BLOCK_HOURS / WAKING_HOURS)))


def apart(times: np.ndarray, seconds: float) -> np.ndarray:
    """Which of n ascending times lie so far behind the last one kept, bool (n,): those that chance may place anew."""
    kept = np.zeros(len(times), dtype=bool)
    last = -np.inf
    for place, moment in enumerate(times.tolist()):
        if moment - last >= seconds:
            kept[place], last = True, moment
    return kept


def sessions(history: History) -> Outcome:
    """The sessions of the range: a new one begins after more than 30 minutes of nothing.

    Strength: how well they are known, sessions / 20 up to 1.
    """
    events = history.events
    if missing := short_of(("interactions", len(events), 1)):
        return missing
    found = find_sessions(events.times)
    days = max(1, int(history.in_range.sum()))
    return Finding(
        min(1.0, len(found) / WELL_KNOWN_SESSIONS),
        history.looked_at(
            sessions=len(found),
            sessions_per_week=7 * len(found) / max(7, days),
            median_seconds=float(np.median(found.seconds)),
            longest_seconds=float(found.seconds.max()),
            of_one_interaction=int((found.first == found.last).sum()),
        ),
        events.named(found.first.tolist()),
    )


def preferred_hours(history: History) -> Outcome:
    """Three hours of the day in which most sessions begin, on the learner's own clock.

    Found where the hours differ from even ones (chi-square, p < .01), and the three hold 35 % or more and
    more than chance gives to any three of 16 waking hours (p < .01). A session that begins within 3 hours of
    another goes with it and is no evidence of its own. Strength: their share.
    """
    starts = find_sessions(history.events.times).first
    if missing := _too_few(history, len(starts)):
        return missing
    hours = history.events.hours[starts]
    begin, share = top_block(smoothed(np.bincount(hours, minlength=24)))
    inside = (hours - begin) % 24 < BLOCK_HOURS
    single = apart(history.events.times[starts], 3600 * BLOCK_HOURS)
    p = max(
        uniformity_p(np.bincount(hours[single], minlength=24)),
        block_p(int((inside & single).sum()), int(single.sum())),
    )
    if p >= MOST_P or share < LEAST_BLOCK_SHARE:
        return None
    return Finding(
        share,
        history.looked_at(
            from_hour=begin,
            to_hour=(begin + BLOCK_HOURS) % 24,
            sessions_inside=int(inside.sum()),
            sessions=len(starts),
            share=share,
            p=p,
        ),
        history.events.named(starts[inside].tolist()),
    )


def preferred_days(history: History) -> Outcome:
    """Up to three weekdays on which most active days fall (0: Monday).

    Days and not sessions are counted, for sessions of one day belong together. Found where weekdays differ
    (chi-square against how often each came, p < .01) and the three fullest hold 70 % or more. Strength: their
    share.
    """
    starts = find_sessions(history.events.times).first
    if missing := _too_few(history, len(starts)):
        return missing
    weekdays = (history.days[history.in_range] - 1) % 7
    active = history.active[history.in_range]
    came, worked = np.bincount(weekdays, minlength=7), np.bincount(weekdays[active], minlength=7)
    p = uniformity_p(worked, came)
    shares = smoothed(worked)
    top = np.sort(np.argsort(-shares, kind="stable")[:TOP_DAYS])
    share = float(shares[top].sum())
    if p >= MOST_P or share < LEAST_TOP_DAYS_SHARE:
        return None
    # A day that is hardly ever used is not preferred only because it is third.
    top = top[worked[top] >= worked.max() / 2]
    return history.on_days(
        float(shares[top].sum()),
        history.days[history.in_range][active & np.isin(weekdays, top)].tolist(),
        history.looked_at(
            weekdays=[int(day) for day in top],
            active_days_on_them=int(worked[top].sum()),
            active_days=int(worked.sum()),
            share=float(shares[top].sum()),
            p=p,
        ),
    )


def _too_few(history: History, found: int):
    return short_of(
        ("sessions", found, LEAST_SESSIONS), ("counting days in the range", int(history.in_range.sum()), LEAST_DAYS)
    )
