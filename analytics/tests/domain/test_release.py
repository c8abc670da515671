"""What is shown of a week tells nothing of fewer than ten learners, by whatever adding and subtracting."""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from analytics.domain.counting import Cell, Key
from analytics.domain.learner_sets import packed, size, union
from analytics.domain.release import LEAST, shown_keys

CROWD = 1


def learners(*keys):
    return packed(np.array(keys, dtype=np.int64))


def table(pairs):
    """The counts of a week, given who did what: (specialty, difficulty) -> learners."""
    cells = {Key(CROWD, "both", *pair): Cell({}, learners(*keys)) for pair, keys in pairs.items()}

    def together(key, chosen):
        cells[key] = Cell({}, union(learners(*keys) for pair, keys in pairs.items() if chosen(pair)))

    for specialty in {pair[0] for pair in pairs}:
        together(Key(CROWD, "specialty", specialty), lambda pair, name=specialty: pair[0] == name)
    for difficulty in {pair[1] for pair in pairs}:
        together(Key(CROWD, "difficulty", difficulty), lambda pair, name=difficulty: pair[1] == name)
    together(Key(CROWD, "all"), lambda pair: True)
    return cells


def names(cells):
    return sorted(" ".join(filter(None, (key.by, key.name, key.second_name))) for key in shown_keys(cells))


@pytest.mark.parametrize("number", range(13))
def test_a_crowd_is_shown_from_ten_on(number):
    cells = table({("heart", "easy"): range(number)} if number else {})
    assert names(cells) == (["all", "both heart easy", "difficulty easy", "specialty heart"] if number >= 10 else [])


def test_a_single_small_part_takes_another_with_it():
    # heart would follow from the total and lung, so lung is kept back as well.
    cells = table({("heart", "easy"): range(3), ("lung", "easy"): range(20)})
    assert names(cells) == ["all", "difficulty easy"]


def test_small_parts_that_are_many_learners_together_take_nothing_with_them():
    small = {("heart", "easy"): range(6), ("skin", "easy"): range(6, 12)}
    assert "specialty lung" in names(table(small | {("lung", "easy"): range(20)}))


def test_what_two_margins_would_tell_together_is_kept_back():
    # lung is only easy: easy less lung would be the three who did heart.
    cells = table({("lung", "easy"): range(20), ("heart", "easy"): range(3), ("heart", "hard"): range(12)})
    shown = names(cells)
    assert "specialty lung" in shown
    assert "difficulty easy" not in shown


def test_nothing_about_a_few_follows_from_what_is_shown():
    """The audit, in another way than the code's: linear algebra over every set of parts that few learners made."""
    random = Random(7)
    assert [found for _ in range(150) if (found := leak(random_table(random)))] == []


def random_table(random):
    rows, columns = random.randint(1, 4), random.randint(1, 3)
    pairs = [(f"s{row}", f"d{column}") for row in range(rows) for column in range(columns) if random.random() < 0.75]
    people = random.randint(8, 30)
    share = random.choice([0.2, 0.4, 0.7])
    told = {pair: [one for one in range(people) if random.random() < share] for pair in pairs}
    return table({pair: keys for pair, keys in told.items() if keys})


def leak(cells):
    """A set of parts made by fewer than ten of whom something follows, or None.

    Something that depends on some parts alone follows from the shown sums when leaving these parts out of all
    sums makes them say less.
    """
    atoms = sorted((key for key in cells if key.by == "both"), key=lambda key: (key.name, key.second_name))
    shown = shown_keys(cells)
    if not shown:
        return None
    sums = np.array([[_has(key, atom) for atom in atoms] for key in sorted(shown)], dtype=float)
    rank = np.linalg.matrix_rank(sums)
    few = [place for place, atom in enumerate(atoms) if size(cells[atom].learners) < LEAST]
    for number in range(1, len(few) + 1):
        for chosen in combinations(few, number):
            if size(union(cells[atoms[place]].learners for place in chosen)) < LEAST:
                rest = np.delete(sums, chosen, axis=1)
                if np.linalg.matrix_rank(rest) < rank if rest.size else rank:
                    return [atoms[place] for place in chosen], sorted(shown)
    return None


def _has(key, atom):
    return {
        "all": True,
        "specialty": key.name == atom.name,
        "difficulty": key.name == atom.second_name,
        "both": (key.name, key.second_name) == (atom.name, atom.second_name),
    }[key.by]


if __name__ == "__main__":
    source = Random(1)
    print(sum(leak(random_table(source)) is not None for _ in range(10_000)), "of 10,000 tables leak")
