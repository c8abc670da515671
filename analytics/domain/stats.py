"""What is counted, declared once. To count one thing more, add a line here and run `count_days --all`."""

from dataclasses import dataclass

# How a count is cut: everything together, by specialty, by difficulty, by both, by case.
ALL, SPECIALTY, DIFFICULTY, BOTH, CASE = "all", "specialty", "difficulty", "both", "case"
SLICES = {ALL: (), SPECIALTY: ("specialty",), DIFFICULTY: ("difficulty",), BOTH: ("specialty", "difficulty")}
SLICES[CASE] = ("case",)
# What a whole is told in, part by part.
PARTS = (SPECIALTY, DIFFICULTY)


@dataclass(frozen=True, slots=True)
class Stat:
    """One statistic of a set of interactions: a whole number for each value of `subgroup`.

    of        the column that is added up, "" counts interactions
    subgroup  the column that parts it, "" does not part it
    where     the column that says which interactions belong to it, "" all
    cases     whether it is counted by case too
    wholes    whether it is counted in all else
    Columns are those of `analytics.domain.counting.Facts`.
    """

    name: str
    of: str = ""
    subgroup: str = ""
    where: str = ""
    cases: bool = True
    wholes: bool = True


STATS = (
    Stat("interactions", subgroup="kind"),
    Stat("activeSeconds", of="active", subgroup="kind"),
    Stat("wallSeconds", of="wall"),
    Stat("unknownSeconds", of="unknown"),
    Stat("untimed", where="untimed"),
    # Points of different policy versions are never added up.
    Stat("points", of="units", subgroup="policy"),
    Stat("policies", subgroup="policy"),
    Stat("hours", subgroup="hour_of_week", cases=False),
    # What became of each start, as far as it is judged; on the day of the start.
    Stat("starts", subgroup="outcome", where="judged_start"),
    Stat("completionSeconds", subgroup="seconds_bin", where="timed_completion"),
    Stat("completionSecondsSum", of="seconds", where="timed_completion"),
    Stat("completionSecondsSquares", of="seconds_squared", where="timed_completion"),
    # Faster than the policy takes for work.
    Stat("shallow", where="shallow"),
    Stat("scores", subgroup="score_bin", where="scored_completion"),
    Stat("scoresSum", of="score", where="scored_completion"),
    Stat("scoresSquares", of="score_squared", where="scored_completion"),
    # Of the quality of the data: what came a day or more after it happened, and whose clock was not believed.
    Stat("late", subgroup="lateness", where="came_late", cases=False),
    Stat("clocks", subgroup="clock", where="clock_moved", cases=False),
    Stat("helpAtStage", subgroup="stage", where="help"),
    # Where those were last who left: abandonments by the learner's own word, and starts that are inferred to be left.
    Stat("leftAtStage", subgroup="stage", where="leaving"),
    # In which specialties and difficulties a case was worked on; what may be shown of it depends on that.
    Stat("fields", subgroup="field", wholes=False),
)
