"""What a run cost, and what several runs of the same cost together."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cost:
    """events     stored
    seconds    from the first request to the last answer
    app        seconds of processor time of the server's processes meanwhile (of COPY and executemany: the client)
    database   the same of PostgreSQL's backends
    client     the same of the clients, which stand on the same machine
    slow       the 99th percentile of a request, in seconds
    """

    events: int
    seconds: float
    app: float = 0.0
    database: float = 0.0
    client: float = 0.0
    slow: float = 0.0

    @property
    def a_second(self) -> float:
        return self.events / self.seconds

    @property
    def app_us(self) -> float:
        return self.app / self.events * 1e6

    @property
    def database_us(self) -> float:
        return self.database / self.events * 1e6

    @property
    def all_us(self) -> float:
        """What it takes of the processors, clients apart: steadier than the rate where others work, too."""
        return self.app_us + self.database_us

    @property
    def client_us(self) -> float:
        return self.client / self.events * 1e6

    @property
    def slow_ms(self) -> float:
        return self.slow * 1000


@dataclass(frozen=True)
class Goal:
    """What was to be reached, and what was."""

    words: str
    reached: str
    holds: bool
    by_processor: str = ""


@dataclass
class Costs:
    """Costs of each contender by round."""

    by_name: dict[str, list[Cost]] = field(default_factory=dict)

    def add(self, name: str, cost: Cost) -> None:
        self.by_name.setdefault(name, []).append(cost)

    def values(self, name: str, figure: str) -> list[float]:
        return [getattr(cost, figure) for cost in self.by_name[name]]

    def median(self, name: str, figure: str) -> float:
        return statistics.median(self.values(name, figure))

    def ratio(self, over: str, under: str, figure: str) -> tuple[float, str]:
        """The median of the rounds' ratios, and those from least to most: rounds share the machine's moods."""
        pairs = zip(self.values(over, figure), self.values(under, figure), strict=True)
        ratios = sorted(one / other if other else float("inf") for one, other in pairs)
        return statistics.median(ratios), f"{ratios[0]:.2f} to {ratios[-1]:.2f}"

    def faster(self, words: str, least: float, over: str, under: str) -> Goal:
        """How many times the events/s; beside it the same by processor time per event."""
        ratio, spread = self.ratio(over, under, "a_second")
        by_processor, _ = self.ratio(under, over, "all_us")
        return Goal(words, f"{ratio:.2f} ({spread})", ratio >= least, f"{by_processor:.2f}")

    def table(self) -> str:
        lines = [
            f"{'':40}{'events/s':>10}{'(least-most)':>17}{'app us':>9}{'PG us':>8}{'PG share':>9}{'clients us':>11}"
            f"{'p99 ms':>9}"
        ]
        for name in self.by_name:
            rates = self.values(name, "a_second")
            app, database = self.median(name, "app_us"), self.median(name, "database_us")
            share = f"{database / (app + database):.0%}" if database else ""
            slow = self.median(name, "slow_ms")
            lines.append(
                f"{name:40}{statistics.median(rates):>10,.0f}{f'({min(rates):,.0f}-{max(rates):,.0f})':>17}"
                f"{app:>9,.1f}{f'{database:,.1f}' if database else '':>8}{share:>9}"
                f"{self.median(name, 'client_us'):>11,.1f}{f'{slow:,.1f}' if slow else '':>9}"
            )
        return "\n".join(lines)


def print_goals(goals: list[Goal]) -> None:
    print(f"\n{'goal':86}{'reached (least to most)':>24}{'by CPU':>8}  holds")
    for goal in goals:
        print(f"{goal.words:86}{goal.reached:>24}{goal.by_processor:>8}  {'yes' if goal.holds else 'NO'}")
