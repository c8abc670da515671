"""What is shown of cases tells nothing of fewer than ten learners, beside all that is shown of their weeks.

`PYTHONPATH=. python analytics/tests/domain/test_case_release.py` attacks 2,000 random blocks.
"""

from datetime import date, timedelta
from itertools import combinations
from random import Random

import numpy as np
import pytest

from analytics.domain import case_release, sums
from analytics.domain.case_release import NO_CASE, BlockOfCrowd, may_be_parted, shown_cases_beside
from analytics.domain.counting import Cell, Key
from analytics.domain.learner_sets import packed
from analytics.domain.release import LEAST, shown_keys

WEEKS = [date(2026, 1, 5) + timedelta(days=7 * number) for number in range(4)]
EASY = ("heart", "easy")


def block(atoms):
    """A crowd's block, given who did what: (week, field, case) -> learners. Weeks are shown as they would be."""
    fields, cases, shown = {}, {}, {}
    for (number, field, case), learners in atoms.items():
        place = WEEKS[number], field
        fields[place] = fields.get(place, set()) | set(learners)
        cells = cases.setdefault(case, {})
        cells[place] = cells.get(place, set()) | set(learners)
    for week in WEEKS:
        cells = {}
        for (when, field), learners in fields.items():
            for key in [("all",), ("specialty", field[0]), ("difficulty", field[1]), ("both", *field)]:
                if when == week:
                    cells.setdefault(Key(1, *key), set()).update(learners)
        told = {key: Cell({}, packed(np.array(sorted(who), dtype=np.int64))) for key, who in cells.items()}
        if keys := shown_keys(told):
            shown[week] = keys
    return BlockOfCrowd(shown, {case: bits(cells) for case, cells in cases.items()})


def bits(cells):
    return {place: sum(1 << learner for learner in learners) for place, learners in cells.items() if learners}


def shown(atoms):
    return sorted(shown_cases_beside(block(atoms)))


def test_a_case_of_ten_is_shown_and_one_of_nine_takes_another_with_it():
    assert shown({(0, EASY, "a"): range(20), (0, EASY, "b"): range(10)}) == ["a", "b"]
    # The nine would be the week less the others.
    assert shown({(0, EASY, "a"): range(20), (0, EASY, "b"): range(9)}) == []
    assert shown({(0, EASY, "a"): range(20), (0, EASY, "c"): range(15), (0, EASY, "b"): range(9)}) == ["a"]


def test_a_case_is_not_shown_where_its_last_week_would_follow_from_the_others():
    three = {(week, EASY, "a"): range(20) for week in range(3)}
    assert shown(three | {(3, EASY, "a"): range(10)}) == ["a"]
    # Few worked on it in the fourth, many on other things: the case less the three weeks would be the few.
    lung = ("lung", "hard")
    assert shown(three | {(3, EASY, "a"): range(3), (3, lung, "b"): range(20)}) == []


def test_weeks_that_hold_other_cases_of_many_protect_it():
    atoms = {(week, EASY, case): range(20) for week in range(3) for case in ("a", "b", "c")}
    assert shown(atoms | {(3, EASY, "a"): range(3), (3, EASY, "c"): range(20)}) == ["a", "b", "c"]


def test_what_is_done_in_no_case_protects_none():
    assert shown({(0, EASY, "a"): range(20), (0, EASY, "b"): range(3), (0, EASY, NO_CASE): range(20)}) == []


def test_no_week_that_is_shown_leaves_each_case_to_its_own_ten():
    atoms = {(week, EASY, "a"): range(3 * week, 3 * week + 3) for week in range(4)}
    assert shown(atoms | {(0, EASY, "b"): range(2)}) == ["a"]


def test_cases_of_a_specialty_of_their_own_that_all_worked_on_are_shown():
    # Each week tells of both together, and no week of the one without the other.
    atoms = {(week, EASY, case): range(12) for week in range(4) for case in ("a", "b")}
    assert shown(atoms) == ["a", "b"]
    # The weeks tell of nobody but those who worked on it.
    assert shown({(week, EASY, "a"): range(12) for week in range(4)}) == ["a"]
    assert shown({(week, (f"s{case}", "easy"), f"{case}"): range(12) for week in range(4) for case in range(3)}) == [
        "0",
        "1",
        "2",
    ]


def test_what_is_told_with_others_only_protects_the_few_in_it():
    # Three did something outside of cases. Where the weeks tell of their field with others only, nobody gets at it.
    atoms = {(week, EASY, "a"): range(20) for week in range(4)} | {(0, EASY, NO_CASE): range(20, 23)}
    assert shown(atoms) == []
    others = {(week, ("lung", "hard"), "b"): range(30 + 6 * week, 36 + 6 * week) for week in range(4)}
    assert shown(atoms | others) == ["a"]


def test_a_case_that_was_shown_keeps_its_place_when_another_grows():
    # With both, the three who worked on c would follow. One of them is shown: the first by name.
    week = {(0, EASY, "b"): range(20), (0, EASY, "c"): range(30, 33)}
    later = {(1, EASY, "a"): range(20), (1, EASY, "b"): range(20)}
    assert shown(week | {(0, EASY, "a"): range(10)} | later) == ["a"]
    # Or, where the other was shown a week before, that one.
    assert shown(week | {(0, EASY, "a"): range(9)}) == ["b"]
    assert shown(week | {(0, EASY, "a"): range(9)} | later) == ["b"]


def test_what_was_told_of_a_case_stays_told_when_it_is_shown_no_more():
    week = {(0, EASY, "a"): range(13), (0, EASY, "b"): range(13)}
    lung = {(1, ("lung", "hard"), "d"): range(20)}
    assert shown(week) == ["a", "b"]
    # The nine who worked on c are the weeks less both; b was done in the first only, so that it is known already.
    second = lung | {(1, EASY, "a"): range(14), (1, EASY, "c"): range(9)}
    assert shown(week | second) == ["d"]
    # Without the week before, one of the two could be shown.
    assert shown({(1 - number, *place): who for (number, *place), who in (week | second).items()}) == ["a", "d"]


def test_a_case_is_told_before_and_after_where_neither_part_tells_of_a_few():
    atoms = {(week, EASY, case): range(20) for week in range(4) for case in "abc"}
    parts = [set(WEEKS[:2]), set(WEEKS[2:])]
    assert may_be_parted(block(atoms), "a", parts)
    assert not may_be_parted(block(atoms | {(2, EASY, "a"): range(2), (3, EASY, "a"): range(2)}), "a", parts)


def random_atoms(random):
    fields = [(specialty, degree) for specialty in "hlk"[: random.randint(1, 3)] for degree in "eh"]
    cases = {f"case {number}": random.choice(fields) for number in range(random.randint(1, 6))}
    people, share = random.randint(12, 40), random.choice([0.1, 0.3, 0.6, 0.9])
    apart = random.choice([0, 0.1, 0.9])
    atoms = {}
    for week in range(4):
        for case, field in cases.items():
            if random.random() < 0.7:
                atoms[week, field, case] = {one for one in range(people) if random.random() < share}
        # Others than those of its cases, so that none protects those.
        for field in fields:
            if random.random() < apart:
                atoms[week, field, NO_CASE] = {one for one in range(people, people + 12) if random.random() < apart}
    return {place: learners for place, learners in atoms.items() if learners}


def answers(atoms):
    """All that was told of a block, as sums over its parts: of its weeks, and of its cases.

    Of cases what is shown at last, and what was shown of others at the end of an earlier week.
    """
    places, told = sorted(atoms), block(atoms)
    kept = told.shown.keys() or WEEKS
    of_weeks = [
        [WEEKS[number] == week and _has(key, field) for number, field, _ in places]
        for week, keys in told.shown.items()
        for key in keys
    ]
    of_cases, before, weeks = [], frozenset(), []
    for week in [week for week in WEEKS if week in kept]:
        past, weeks = list(weeks), [*weeks, week]
        now = shown_cases_beside(until(told, weeks))
        of_cases += [_sum(places, case, past) for case in before - now]
        before = now
    return places, of_weeks, of_cases + [_sum(places, case, weeks) for case in before]


def until(told, weeks):
    """The same block as it was when only these weeks had been."""
    return BlockOfCrowd(
        {week: keys for week, keys in told.shown.items() if week in weeks},
        {
            case: {place: learners for place, learners in cells.items() if place[0] in weeks}
            for case, cells in told.cases.items()
        },
    )


def _sum(places, case, weeks):
    return [case == shown and WEEKS[number] in weeks for number, _, shown in places]


def leak(atoms):
    """Parts made by fewer than ten learners of whom something follows from weeks and cases, or None."""
    places, of_weeks, of_cases = answers(atoms)
    if not of_cases:
        return None
    in_cases = [place for place, (*_, case) in enumerate(places) if case != NO_CASE]
    return _leak(atoms, places, of_weeks, of_cases, in_cases) or _leak(
        atoms, places, of_weeks, of_cases, range(len(places))
    )


def _leak(atoms, places, of_weeks, of_cases, columns):
    """The same in some columns, where it does not follow from the weeks alone."""
    weeks, matrix = (
        np.array(sums, dtype=float).reshape(-1, len(places))[:, columns] for sums in (of_weeks, of_weeks + of_cases)
    )
    few = [place for place, column in enumerate(columns) if len(atoms[places[column]]) < LEAST]
    for number in (1, 2, 3):
        for chosen in combinations(few, number):
            who = set().union(*(atoms[places[columns[place]]] for place in chosen))
            # How much can be computed of nothing but the chosen.
            if len(who) < LEAST and _dimension_of(matrix, chosen) > _dimension_of(weeks, chosen):
                return [places[columns[place]] for place in chosen]
    return None


def _dimension_of(matrix, chosen):
    return _rank(matrix) - _rank(np.delete(matrix, chosen, axis=1))


def _rank(matrix):
    return np.linalg.matrix_rank(matrix) if matrix.size else 0


def _has(key, field):
    return (
        key.by == "all"
        or {
            "specialty": (key.name, field[1]),
            "difficulty": (field[0], key.name),
            "both": (key.name, key.second_name),
        }[key.by]
        == field
    )


def test_nothing_about_a_few_follows_from_weeks_and_cases():
    random = Random(3)
    assert [found for _ in range(150) if (found := leak(random_atoms(random)))] == []


def no_rule(monkeypatch):
    monkeypatch.setattr(sums.Sums, "would_tell_of_few", lambda self, asked: False)


def nothing_subtracted(monkeypatch):
    """A case of ten is shown, whatever stands beside it."""
    monkeypatch.setattr(
        sums.Sums,
        "would_tell_of_few",
        lambda self, asked: sum(self.cells[cell] for cell in np.flatnonzero(asked)).bit_count() < LEAST,
    )


def only_what_is_left(monkeypatch):
    """The remainder of what is told is looked at, and no other combination."""
    whole = sums.Sums._leaves_few
    monkeypatch.setattr(sums.Sums, "_leaves_few", lambda self, rest, rows, few: whole(self, rest, rows[:0], few))


def difficulties_forgotten(monkeypatch):
    whole = case_release._takes_in
    monkeypatch.setattr(case_release, "_takes_in", lambda key, field: key.by != "difficulty" and whole(key, field))


def pairs_forgotten(monkeypatch):
    whole = case_release._takes_in
    monkeypatch.setattr(case_release, "_takes_in", lambda key, field: key.by != "both" and whole(key, field))


def protected_by_what_is_in_no_case(monkeypatch):
    monkeypatch.setattr(case_release._Release, "tells", told_of_all)


def told_of_all(release, case, weeks):
    row = release._row(case, weeks)
    if release.told.would_tell_of_few(row):
        return False
    release._tell(row)
    return True


def places_not_kept(monkeypatch):
    """Each week cases are chosen anew, whatever was shown before."""
    whole = case_release._Release._go_on

    def chosen_anew(release, before, week):
        release.cases = []
        whole(release, before, week)

    monkeypatch.setattr(case_release._Release, "_go_on", chosen_anew)


def what_was_told_forgotten(monkeypatch):
    whole = case_release._Release._cannot_stay

    def forgetting(release, weeks):
        release.past = []
        return whole(release, weeks)

    monkeypatch.setattr(case_release._Release, "_cannot_stay", forgetting)


def nine(monkeypatch):
    monkeypatch.setattr(sums, "LEAST", 9)


@pytest.mark.parametrize(
    "mistake",
    [
        no_rule,
        nothing_subtracted,
        only_what_is_left,
        difficulties_forgotten,
        pairs_forgotten,
        protected_by_what_is_in_no_case,
        places_not_kept,
        what_was_told_forgotten,
        nine,
    ],
)
def test_the_same_attack_finds_each_mistake_of_a_looser_rule(monkeypatch, mistake):
    mistake(monkeypatch)
    random = Random(3)
    assert any(leak(random_atoms(random)) for _ in range(300))


if __name__ == "__main__":
    source = Random(1)
    tried = [(table := random_atoms(source), leak(table), len(shown(table))) for _ in range(2_000)]
    print(sum(found is not None for _, found, _ in tried), "of 2,000 leak;", sum(n for *_, n in tried), "cases shown")
