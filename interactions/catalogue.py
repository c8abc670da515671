"""The catalogue of cases and resources, which fills itself from the interactions that name them."""

from collections.abc import Iterable

from django.db.models import Q

from interactions.models import Case, Resource, UserInteractionTrackingModel

_CASE_FACTS = ("title", "specialty", "difficulty")
_RESOURCE_FACTS = ("name", "specialty", "difficulty")


def learn_from(rows: Iterable[UserInteractionTrackingModel], *, trusted: bool) -> None:
    """Enter the cases and resources that `rows` name, and what they say about them.

    trusted   the simulator's own account, an admin or an import: what it says replaces what stands. A
              learner's own token only fills what is empty, so nobody can retitle a case for all others.
    """
    cases: dict[str, dict] = {}
    resources: dict[tuple[str, str], dict] = {}
    # In the order of time, so that of two titles in one batch the later stands.
    for row in sorted(rows, key=lambda row: row.occurred_at):
        if row.case_id:
            told = {"title": row.case_title, "specialty": row.specialty, "difficulty": row.difficulty}
            _note(cases.setdefault(row.case_id, {}), told, row, trusted)
        if row.resource_id:
            told = {"name": row.resource_name, "specialty": row.specialty, "difficulty": row.difficulty}
            _note(resources.setdefault((row.resource_type, row.resource_id), {}), told, row, trusted)
    if cases:
        _learn_cases(cases, trusted)
    if resources:
        _learn_resources(resources, trusted)


def _note(entry: dict, told: dict, row: UserInteractionTrackingModel, trusted: bool) -> None:
    entry.setdefault("first_seen", row.occurred_at)
    for name, value in told.items():
        if value and (trusted or not entry.get(name)):
            entry[name] = value


def _learn_cases(told: dict[str, dict], trusted: bool) -> None:
    stored = {case.case_id: case for case in Case.objects.filter(case_id__in=told)}
    new = [Case(case_id=key, **told[key]) for key in sorted(told.keys() - stored.keys())]
    # Two bulks may meet a case at the same moment: the first enters it, the second finds it next time.
    Case.objects.bulk_create(new, ignore_conflicts=True)
    changed = [case for key, case in sorted(stored.items()) if _update(case, told[key], _CASE_FACTS, trusted)]
    Case.objects.bulk_update(changed, [*_CASE_FACTS, "first_seen"])


def _learn_resources(told: dict[tuple[str, str], dict], trusted: bool) -> None:
    named = Q(resource_type__in={kind for kind, _ in told}, resource_id__in={key for _, key in told})
    stored = {(row.resource_type, row.resource_id): row for row in Resource.objects.filter(named)}
    new = [
        Resource(resource_type=kind, resource_id=key, **told[kind, key])
        for kind, key in sorted(told.keys() - stored.keys())
    ]
    Resource.objects.bulk_create(new, ignore_conflicts=True)
    changed = [
        row for key, row in sorted(stored.items()) if key in told and _update(row, told[key], _RESOURCE_FACTS, trusted)
    ]
    Resource.objects.bulk_update(changed, [*_RESOURCE_FACTS, "first_seen"])


def _update(stored: Case | Resource, told: dict, facts: tuple[str, ...], trusted: bool) -> bool:
    """Put what was told into a stored entry; whether anything changed."""
    changed = False
    for name in facts:
        value, old = told.get(name), getattr(stored, name)
        if value and value != old and (trusted or not old):
            setattr(stored, name, value)
            changed = True
    if told["first_seen"] < stored.first_seen:
        stored.first_seen = told["first_seen"]
        changed = True
    return changed
