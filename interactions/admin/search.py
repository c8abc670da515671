"""What a search term means: a few learners and cases, found in their own small tables, never in the log."""

from collections.abc import Sequence

from django.db.models import Q

from accounts.models import User
from interactions.admin.filters import case_walk
from interactions.admin.walks import MOST_WALKS
from interactions.models import Case

NAMED = 5


def search_learners(term: str) -> tuple[Sequence[Q], str]:
    """Walks of the learners whose public id, name or e-mail holds `term`; an exact id or e-mail goes first."""
    learners, _ = _learners(term.strip())
    return [Q(user=learner.pk) for learner in learners[:MOST_WALKS]], _sentence(_told("learner", learners))


def search_learners_and_cases(term: str) -> tuple[Sequence[Q], str]:
    """Walks of the learners and of the cases that `term` means, and what it was understood as. 2 queries."""
    term = term.strip()
    learners, exact_learners = _learners(term)
    cases, exact_cases = _cases(term)
    # "case-1" means that case, and neither case-10 nor a learner called case-1's-owner.
    if exact_learners or exact_cases:
        learners, cases = exact_learners, exact_cases
    walks = [Q(user=learner.pk) for learner in learners[:MOST_WALKS]]
    walks += [case_walk(case.case_id) for case in cases[:MOST_WALKS]]
    return walks, _sentence(_told("learner", learners), _told("case", cases))


def _learners(term: str) -> tuple[list[User], list[User]]:
    holds = Q(public_id__icontains=term) | Q(name__icontains=term) | Q(email__icontains=term)
    names = Q(public_id=term) | Q(email__iexact=term)
    return _ranked(User.objects.filter(holds), names, "name")


def _cases(term: str) -> tuple[list[Case], list[Case]]:
    holds = Q(case_id__icontains=term) | Q(title__icontains=term)
    return _ranked(Case.objects.filter(holds), Q(case_id=term), "title")


def _ranked(candidates, names: Q, by: str) -> tuple[list, list]:
    """At most `MOST_WALKS` + 1 candidates, those that `names` names first, and those alone."""
    ranked = list(candidates.annotate(named_by_term=names).order_by("-named_by_term", by, "pk")[: MOST_WALKS + 1])
    exact = [candidate for candidate in ranked if candidate.named_by_term]
    return exact or ranked, exact


def _told(noun: str, found: list) -> str:
    if not found:
        return ""
    if len(found) > MOST_WALKS:
        return f"the first {MOST_WALKS} of more {noun}s that match; be more exact for the others"
    shown = ", ".join(str(one) for one in found[:NAMED])
    rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{noun}{'s' if len(found) > 1 else ''} {shown}{rest}"


def _sentence(*told: str) -> str:
    parts = [part for part in told if part]
    return f"Understood as: {'; '.join(parts)}." if parts else "No learner and no case is called that."
