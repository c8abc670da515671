"""Help asked before it can have been read, and help not asked where it would have been of use."""

from engagement.domain.patterns.attempts import ENDS, HALF_RIGHT, attempts_of
from engagement.domain.patterns.finding import Finding, Outcome, short_of
from engagement.domain.patterns.history import COMPLETE, FEEDBACK, HELP, Events, History

LEAST_CASES = 5
QUICK_SECONDS = 10.0
# Not every simulator tells the steps between: help in a row is hurried only where it also comes close together.
IN_A_ROW, ROW_SECONDS = 3, 120.0
LEAST_ABUSE_SHARE, LEAST_AVOIDANCE_SHARE = 0.30, 0.50
LEAST_WRONG_STEPS = 2


def hurried_help(events: Events, places: list[int]) -> list[int]:
    """Help requests of one case asked within 10 s of the help or feedback before, or 3 in a row within 2 minutes.

    places   of the case's interactions, in order of time
    """
    hurried: set[int] = set()
    run: list[int] = []
    for before, place in zip([None, *places], places, strict=False):
        if events.kinds[place] != HELP:
            run = []
            continue
        run.append(place)
        if len(run) >= IN_A_ROW and events.times[place] - events.times[run[-IN_A_ROW]] <= ROW_SECONDS:
            hurried.update(run[-IN_A_ROW:])
        if (
            before is not None
            and events.kinds[before] in (HELP, FEEDBACK)
            and events.times[place] - events.times[before] <= QUICK_SECONDS
        ):
            hurried.add(place)
    return sorted(hurried)


def help_abuse(history: History) -> Outcome:
    """Hurried help on 30 % or more of the cases worked on. Strength: the share of those cases."""
    events = history.events
    by_case: dict[str, list[int]] = {attempt.case_id: [] for attempt in attempts_of(events)}
    if missing := short_of(("cases worked on", len(by_case), LEAST_CASES)):
        return missing
    for place, case in enumerate(events.case_ids):
        if case in by_case:
            by_case[case].append(place)
    found = {case: hurried for case, places in by_case.items() if (hurried := hurried_help(events, places))}
    share = len(found) / len(by_case)
    if share < LEAST_ABUSE_SHARE:
        return None
    requests = [place for hurried in found.values() for place in hurried]
    return Finding(
        share,
        history.looked_at(cases_with_hurried_help=len(found), cases=len(by_case), hurried_requests=len(requests)),
        events.named(requests),
    )


def help_avoidance(history: History) -> Outcome:
    """No help asked on half or more of the attempts that went badly in a field not mastered yet.

    Badly: a result below 50, or 2 and more steps that came with less than 50. Not mastered: the learner's mean
    result in the specialty so far, this one included, is below 50. Strength: the share of such attempts.
    """
    events = history.events
    results: dict[str, list[float]] = {}
    hard: list[int] = []
    alone: list[int] = []
    for attempt in attempts_of(events):
        last = attempt.places[-1]
        if attempt.end not in ENDS:
            continue
        result = events.performance[last] if attempt.end == COMPLETE else float("nan")
        so_far = results.setdefault(events.specialties[last], [])
        if result == result:
            so_far.append(float(result))
        wrong = sum(events.performance[place] < HALF_RIGHT for place in attempt.places[:-1])
        went_badly = result < HALF_RIGHT or wrong >= LEAST_WRONG_STEPS
        if not went_badly or (so_far and sum(so_far) / len(so_far) >= HALF_RIGHT):
            continue
        hard.append(last)
        if not any(events.kinds[place] == HELP for place in attempt.places):
            alone.append(last)
    if missing := short_of(("attempts that went badly", len(hard), LEAST_CASES)):
        return missing
    if len(alone) < LEAST_AVOIDANCE_SHARE * len(hard):
        return None
    return Finding(
        len(alone) / len(hard),
        history.looked_at(attempts_without_help=len(alone), attempts_that_went_badly=len(hard)),
        events.named(alone),
    )
