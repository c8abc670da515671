"""Trained models in the database: which are in use, and the only way in and out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from engagement.ml.models import Boosted, unpacked
from engagement.ml.outlook import CohortFit
from engagement.models import TrainedModel

COHORT = "cohort"
_FORMER_KEPT = 10
_TOLD = ("kind", "version", "learned_through", "digest")


@dataclass(frozen=True, slots=True)
class InUse:
    """cohort   the fit of all learners, None where there was none yet
    models   trees by what they forecast
    versions, and the last day that each learned from, by kind
    """

    cohort: CohortFit | None
    models: Mapping[str, Boosted]
    versions: Mapping[str, str]
    learned_through: Mapping[str, date]


def models_in_use() -> InUse:
    """What forecasts use now (1 query, and 1 for parameters that this process has not read yet)."""
    rows = list(TrainedModel.objects.filter(chosen=True).order_by("kind").values_list(*_TOLD))
    unread = [digest for *_, digest in rows if digest not in _kept]
    for digest, kind, parameters in (
        TrainedModel.objects.filter(digest__in=unread, chosen=True).values_list("digest", "kind", "parameters")
        if unread
        else ()
    ):
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        stored = bytes(parameters)
        _kept[digest] = CohortFit.unpacked(stored) if kind == COHORT else unpacked(stored)
    found = {kind: _kept.get(digest) for kind, *_, digest in rows}
    cohort = found.pop(COHORT, None)
    models = {kind: model for kind, model in found.items() if model is not None}
    # Trees of a release with other features are not used, so they are not named either.
    named = [row for row in rows if row[0] in models or (row[0] == COHORT and cohort)]
    versions = {kind: version for kind, version, *_ in named}
    return InUse(cohort, models, versions, {kind: through for kind, _, through, _ in named})


# Read once and kept by the digest of what was read: never stale, whatever row it stands in.
_MOST_KEPT = 40
_kept: dict[str, CohortFit | Boosted | None] = {}


@transaction.atomic
def keep_model(
    *, kind: str, parameters: bytes, learned_through: date, metrics: dict, card: str, chosen: bool, now: datetime
) -> TrainedModel:
    """Store a model; where it is chosen, the one before it of the same kind is used no more.

    Of those that are used no more the newest few stay, for whoever asks what was said by which.
    """
    same_day = TrainedModel.objects.filter(kind=kind, learned_through=learned_through)
    newest = same_day.order_by("-pk").values_list("version", flat=True).first()
    version = f"{learned_through.isoformat()}.{int(newest.rpartition('.')[2]) + 1 if newest else 1}"
    former = TrainedModel.objects.filter(kind=kind, chosen=False).order_by("-pk").values_list("pk", flat=True)
    TrainedModel.objects.filter(pk__in=list(former[_FORMER_KEPT:])).delete()
    if chosen:
        TrainedModel.objects.filter(kind=kind, chosen=True).update(chosen=False)
    return TrainedModel.objects.create(
        kind=kind,
        version=version,
        created_at=now,
        learned_through=learned_through,
        chosen=chosen,
        metrics=metrics,
        card=card,
        digest=sha256(parameters).hexdigest(),
        parameters=parameters,
    )


def withdraw_others(kept: Collection[str]) -> None:
    """Trees for other forecasts than these are used no more; the cohort's fit stays."""
    TrainedModel.objects.filter(chosen=True).exclude(kind__in=[COHORT, *kept]).update(chosen=False)
