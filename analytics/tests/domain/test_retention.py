"""What is told of who stays tells nothing of fewer than ten learners, also beside what was told before."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from analytics.domain import retention
from analytics.domain.retention import figures_of, next_state, sizes_of, state_of

MONDAY = date(2026, 3, 2)
TERM = date(2026, 1, 5)


def enrolled(*learners, cohort=1, start=TERM, end=None):
    return [(learner, cohort, start, end) for learner in learners]


def week(enrolments, *active, crowd=(1,)):
    return state_of(MONDAY, enrolments, {crowd: frozenset(active)})


def told(state):
    return [tuple(figure) for figure in figures_of(state)]


@pytest.mark.parametrize("number", range(13))
def test_a_crowd_is_told_from_ten_on(number):
    assert told(week(enrolled(*range(number)), 1, 2)) == ([(1, TERM, number, 2)] if number >= 10 else [])


def test_who_joined_late_is_counted_with_the_others_where_they_are_few():
    late = TERM + timedelta(weeks=3)
    few = week(enrolled(*range(20)) + enrolled(20, 21, 22, start=late), 1, 21)
    assert told(few) == [(1, TERM, 23, 2)]
    many = week(enrolled(*range(20)) + enrolled(*range(20, 30), start=late), 1, 21)
    assert told(many) == [(1, TERM, 20, 1), (1, late, 10, 1)]


def test_the_one_who_is_in_another_cohort_too_is_in_no_curve():
    everybody = enrolled(*range(20)) + enrolled(0, cohort=2) + enrolled(*range(30, 45), cohort=2)
    assert told(week(everybody, 0, 1)) == [(1, TERM, 19, 1), (2, TERM, 15, 0)]


def test_who_leaves_within_the_week_is_still_enrolled_in_it_and_not_after():
    leaving = enrolled(*range(12)) + enrolled(12, end=MONDAY + timedelta(days=2))
    assert told(week(leaving, 12)) == [(1, TERM, 13, 1)]
    gone = enrolled(*range(12)) + enrolled(12, end=MONDAY)
    assert told(week(gone, 12)) == [(1, TERM, 12, 0)]


@pytest.mark.parametrize(("movers", "expected"), [(3, [23, 18]), (10, [30, 25])])
def test_who_moves_within_the_week_counts_in_both_crowds_alone_and_once_with_nine_others(movers, expected):
    thursday = MONDAY + timedelta(days=3)
    rows = enrolled(*range(20 + movers)) + enrolled(*range(20, 20 + movers), cohort=2, start=thursday)
    rows += enrolled(*range(40, 55), cohort=2) + enrolled(*range(40, 55))
    numbers = {cohort: 0 for cohort in (1, 2)}
    state = state_of(MONDAY, rows, {})
    for cohort, _, number, _ in figures_of(state):
        numbers[cohort] += number
    # Alone each of the three counts in cohort 1 twice: before Thursday, and from then on.
    assert numbers == {1: expected[0] + 15 + (movers if movers < 10 else 0), 2: expected[1]}
    assert min(sizes_of(state).values()) >= 10


def test_what_one_learner_sent_late_changes_nothing_and_what_ten_sent_does():
    first = week(enrolled(*range(20)), *range(5))
    assert next_state([first], week(enrolled(*range(20)), *range(6))) == first
    assert told(next_state([first], week(enrolled(*range(20)), *range(15)))) == [(1, TERM, 20, 15)]


def test_one_who_is_enrolled_afterwards_changes_nothing_and_ten_do():
    first = week(enrolled(*range(20)), *range(5))
    assert next_state([first], week(enrolled(*range(21)), *range(5))) == first
    assert told(next_state([first], week(enrolled(*range(30)), *range(5)))) == [(1, TERM, 30, 5)]


def test_the_last_of_a_part_are_not_told_by_its_others_leaving():
    others = enrolled(*range(20, 30)) + enrolled(*range(20, 30), cohort=2)
    first = week(enrolled(*range(12)) + others, *range(5))
    # Ten of the twelve are in another cohort, too; what is left of the first would be the two who are not.
    assert next_state([first], week(enrolled(*range(12)) + enrolled(*range(10), cohort=2) + others, 10)) == first


def random_week(random, rows):
    active = {
        crowd: frozenset(one for one in range(60) if random.random() < 0.5) for crowd in [(1,), (2,), (3,), (1, 2)]
    }
    return state_of(MONDAY, rows, active)


def random_rows(random):
    """Few kinds of enrolments, so that parts of all sizes are there, and some who are alone."""
    kinds = []
    for _ in range(random.randint(1, 4)):
        cohorts = random.sample([1, 2, 3], random.randint(1, 2))
        kinds.append([(cohort, *random_span(random)) for cohort in cohorts])
    return [(learner, *row) for learner in range(random.randint(8, 50)) for row in random.choice(kinds)]


def random_span(random):
    start = TERM + timedelta(weeks=random.randint(0, 2), days=random.randint(0, 6))
    if random.random() < 0.2:
        start = MONDAY + timedelta(days=random.randint(0, 6))
    return start, random.choice([None, None, MONDAY + timedelta(days=3)])


def changed(random, rows):
    """The same people afterwards: one or many are enrolled otherwise."""
    others = random_rows(random)
    many = random.choice([0, 1, 3, 12])
    chosen = set(random.sample(range(50), many))
    return [row for row in rows if row[0] not in chosen] + [row for row in others if row[0] in chosen]


def leak(states, beside=()):
    """Some of the answers whose sums, by adding and subtracting, tell of fewer than ten learners.

    An unknown for each learner and for what he did in each set of crowds he is told in, anew where it changed. Learners
    whose unknowns stand alike in all answers are one group; something about the groups of fewer than ten follows where
    leaving them out of all sums makes these say less. `beside`: other sums of the same unknowns.
    """
    unknowns, owners = {}, []
    sums = list(beside)
    for state in states:
        parts = {}
        for learner, standings in state.items():
            for standing in standings:
                parts.setdefault(standing.part, []).append((learner, standing.part.crowds, standing.active))
        # The attacker is given each part, and what it did in each of its crowds.
        sums += [frozenset(part) for part in parts.values()]
    for atom in sorted(set().union(*sums)) if sums else ():
        unknowns[atom] = len(owners)
        owners.append(atom[0])
    if not owners:
        return None
    matrix = np.array([[atom in part for atom in unknowns] for part in sums], dtype=float)
    columns = {}
    for place, owner in enumerate(owners):
        columns.setdefault(owner, []).append(place)
    kinds = {}
    for owner, places in columns.items():
        kinds.setdefault(matrix[:, places].tobytes(), []).append(owner)
    rank = np.linalg.matrix_rank(matrix)
    few = [kind for kind in kinds.values() if len(kind) < 10]
    for chosen in few + [one + other for one in few for other in few if one is not other and len(one + other) < 10]:
        rest = np.delete(matrix, [place for owner in chosen for place in columns[owner]], axis=1)
        if (np.linalg.matrix_rank(rest) if rest.size else 0) < rank:
            return chosen
    return None


def told_in_turn(random, answers=3):
    rows = random_rows(random)
    states = [random_week(random, rows)]
    for _ in range(answers - 1):
        rows = changed(random, rows) if random.random() < 0.7 else rows
        states.append(next_state(states, random_week(random, rows)))
    return states


def test_nothing_about_a_few_follows_from_what_is_told_one_answer_after_the_other():
    random = Random(5)
    assert [found for _ in range(200) if (found := leak(told_in_turn(random)))] == []


def active_learners(rows, state):
    """Who is in the number of active learners of each crowd of ten: its parts' learners, and whoever is in none."""
    crowds = {}
    for learner, told in retention._enrolled_in(MONDAY, rows).items():
        did = {standing.part.crowds: standing.active for standing in state.get(learner, ())}
        for crowd in retention._crowds(MONDAY, told):
            crowds.setdefault(crowd, set()).add((learner, (crowd,), did.get((crowd,))))
    return [frozenset(atoms) for atoms in crowds.values() if len(atoms) >= 10]


def test_nothing_about_a_few_follows_from_it_beside_the_number_of_active_learners():
    random, found = Random(9), []
    for _ in range(200):
        rows = random_rows(random)
        state = random_week(random, rows)
        found.append(leak([state], active_learners(rows, state)))
    assert [one for one in found if one] == []


def test_the_same_attack_finds_it_where_each_answer_is_told_as_it_stands(monkeypatch):
    monkeypatch.setattr("analytics.tests.domain.test_retention.next_state", lambda told, now: now)
    random = Random(5)
    assert sum(leak(told_in_turn(random)) is not None for _ in range(200)) > 25


def test_the_same_attack_finds_it_where_each_is_told_whom_few_began_with(monkeypatch):
    monkeypatch.setattr(retention, "LEAST", 1)
    random = Random(5)
    assert sum(leak(told_in_turn(random, 1)) is not None for _ in range(200)) > 25
