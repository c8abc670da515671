"""What is shown of cases tells nothing of fewer than ten learners, beside all that is shown of their weeks."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

import numpy as np
import pytest

from analytics.domain import case_release
from analytics.domain.case_release import NO_CASE, BlockOfCrowd, shown_cases_beside
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
    return BlockOfCrowd(shown, bits(fields), {case: bits(cells) for case, cells in cases.items()})


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


def random_atoms(random):
    fields = [(specialty, degree) for specialty in "hlk"[: random.randint(1, 3)] for degree in "eh"]
    cases = {f"case {number}": random.choice(fields) for number in range(random.randint(1, 6))}
    people, share = random.randint(12, 40), random.choice([0.1, 0.3, 0.6, 0.9])
    atoms = {}
    for case, field in cases.items():
        for week in range(4):
            if random.random() < 0.7:
                atoms[week, field, case] = {one for one in range(people) if random.random() < share}
    return {place: learners for place, learners in atoms.items() if learners}


def leak(atoms):
    """Parts made by fewer than ten learners of whom something follows from weeks and cases, or None."""
    told = block(atoms)
    # What is done in weeks that are not shown is in cases, and in nothing else.
    places = sorted(atoms)
    sums = [[case == shown for _, _, case in places] for shown in shown_cases_beside(told)]
    for week, keys in told.shown.items():
        for key in keys:
            sums.append([WEEKS[number] == week and _has(key, field) for number, field, _ in places])
    if not sums:
        return None
    matrix = np.array(sums, dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    few = [place for place, atom in enumerate(places) if len(atoms[atom]) < LEAST]
    for number in (1, 2, 3):
        for chosen in combinations(few, number):
            if len(set().union(*(atoms[places[place]] for place in chosen))) < LEAST:
                rest = np.delete(matrix, chosen, axis=1)
                if (np.linalg.matrix_rank(rest) if rest.size else 0) < rank:
                    return [places[place] for place in chosen]
    return None


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


@pytest.mark.parametrize("rule", ["told_by", "_stays_safe"])
def test_the_same_attack_finds_it_where_the_rule_is_switched_off(monkeypatch, rule):
    off = (lambda *args, **options: {}) if rule == "told_by" else (lambda *args: True)
    monkeypatch.setattr(case_release._Graph, rule, off)
    random = Random(3)
    assert sum(leak(random_atoms(random)) is not None for _ in range(150)) > (10 if rule == "told_by" else 0)


if __name__ == "__main__":
    source = Random(1)
    tried = [(table := random_atoms(source), leak(table), len(shown(table))) for _ in range(2_000)]
    print(sum(found is not None for _, found, _ in tried), "of 2,000 leak;", sum(n for *_, n in tried), "cases shown")
