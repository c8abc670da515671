"""Many valid interactions, column by column: what is the same for all of them is done once.

A batch of five hundred says the same few words again and again. Row by row each costs as much as the first;
column by column most work is one call for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import chain
from operator import attrgetter

import msgspec

from interactions.domain.event import Event

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(slots=True)
class Telling:
    """n valid interactions as their clients told them; every column has n values, named as in Event.

    performance_metrics, metadata   JSON with its keys in order, or None
    """

    interaction_type: Sequence[str]
    event_id: Sequence[str]
    user_id: Sequence[str]
    occurred_at: Sequence[datetime | None]
    start_time: Sequence[datetime | None]
    end_time: Sequence[datetime | None]
    seconds: Sequence[int | None]
    active_seconds: Sequence[int | None]
    case_id: Sequence[str]
    case_title: Sequence[str]
    resource_type: Sequence[str]
    resource_id: Sequence[str]
    resource_name: Sequence[str]
    help_request_type: Sequence[str]
    session_id: Sequence[str]
    sent_at: Sequence[datetime | None]
    performance: Sequence[float | None]
    performance_metrics: Sequence[bytes | None]
    metadata: Sequence[bytes | None]
    specialty: Sequence[str]
    difficulty: Sequence[str]
    stage: Sequence[str]

    def __len__(self) -> int:
        return len(self.interaction_type)

    @property
    def told_at(self) -> Sequence[datetime | None]:
        """When each happened by its client's word: occurredAt, else startTime, else endTime."""
        if None not in self.occurred_at:
            return self.occurred_at
        return [
            occurred or start or end
            for occurred, start, end in zip(self.occurred_at, self.start_time, self.end_time, strict=True)
        ]

    @property
    def scored_seconds(self) -> Sequence[int | None]:
        """The time that earns points: active where the client measured it, else wall-clock."""
        if self.active_seconds.count(None) == len(self):
            return self.seconds
        return [
            wall if active is None else active for active, wall in zip(self.active_seconds, self.seconds, strict=True)
        ]

    def take(self, positions: Sequence[int]) -> "Telling":
        """Some of them, in this order."""
        return Telling(*([getattr(self, name)[at] for at in positions] for name in COLUMNS))

    @classmethod
    def together(cls, tellings: Sequence["Telling"]) -> "Telling":
        """Those of several as one, in their order."""
        return cls(*([*chain.from_iterable(column)] for column in zip(*map(_columns_of, tellings), strict=True)))

    @classmethod
    def of(cls, events: Sequence[Event]) -> "Telling":
        columns = dict(
            zip(Event.__struct_fields__, zip(*map(msgspec.structs.astuple, events), strict=True), strict=True)
        )
        for name in ("performance_metrics", "metadata"):
            columns[name] = [None if value is None else _encode(value) for value in columns[name]]
        return cls(**columns)


COLUMNS = tuple(field.name for field in fields(Telling))
_columns_of = attrgetter(*COLUMNS)
