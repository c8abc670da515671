"""Filters whose choices come from small tables; nothing here reads the log to find out what could be chosen."""

from collections.abc import Sequence

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q

from accounts.models import Cohort, Enrolment, User
from interactions.admin.walks import MOST_WALKS
from interactions.models import Case, ScoringRule

MOST_CHOICES = 200


class WalkFilter(SimpleListFilter):
    """A filter that an index may serve.

    walks()  the index walks that hold exactly the chosen rows; None where no few of them do
    """

    def walks(self) -> Sequence[Q] | None:
        raise NotImplementedError


class ChosenFilter(WalkFilter):
    """A filter with no choices to offer, since there are thousands; set by links, shown while it is set."""

    def lookups(self, request, model_admin):
        chosen = self.used_parameters.get(self.parameter_name)
        return [] if chosen is None else [(chosen, self.label(chosen))]

    def label(self, chosen: str) -> str:
        return chosen

    def queryset(self, request, queryset):
        (walk,) = self.walks()
        return queryset.filter(walk)


class LearnerFilter(ChosenFilter):
    title = "learner"
    parameter_name = "learner"

    def label(self, chosen: str) -> str:
        self.learner = User.objects.filter(public_id=chosen).first()
        if self.learner is None:
            raise IncorrectLookupParameters(f"There is no learner {chosen}.")
        return self.learner.display_name

    def walks(self) -> Sequence[Q]:
        return [Q(user=self.learner.pk)]


class CaseFilter(ChosenFilter):
    title = "case"
    parameter_name = "case"

    def walks(self) -> Sequence[Q]:
        return [case_walk(self.value())]


class CohortFilter(WalkFilter):
    """Learners who are or were enrolled in a cohort, with all that they did, then or at another time."""

    title = "cohort"
    parameter_name = "cohort"

    def lookups(self, request, model_admin):
        cohorts = Cohort.objects.order_by("name").values_list("pk", "name")
        return [(str(pk), name) for pk, name in cohorts[:MOST_CHOICES]]

    def walks(self) -> Sequence[Q] | None:
        learners = list(self._learners().distinct()[: MOST_WALKS + 1])
        return [Q(user=learner) for learner in learners] if len(learners) <= MOST_WALKS else None

    def queryset(self, request, queryset):
        return queryset.filter(user__in=self._learners())

    def _learners(self):
        # Beyond 18 digits lies what no database can hold.
        if not (self.value().isdecimal() and len(self.value()) <= 18):
            raise IncorrectLookupParameters(f"{self.value()} is no cohort.")
        return Enrolment.objects.filter(cohort=int(self.value())).values_list("learner", flat=True)


class ChoiceFilter(SimpleListFilter):
    """A column that holds one of a few words. The parameter is the one Django's own filters use."""

    column: str

    def queryset(self, request, queryset):
        return queryset.filter(**{self.column: self.value()})


class InteractionTypeFilter(ChoiceFilter):
    title, column, parameter_name = "interaction type", "interaction_type", "interaction_type__exact"

    def lookups(self, request, model_admin):
        # The types of every policy that was ever in force, since old rows keep theirs.
        rules = ScoringRule.objects.filter(policy__effective_from__isnull=False)
        types = rules.values_list("interaction_type", flat=True).distinct().order_by("interaction_type")
        return [(kind, kind.replace("_", " ")) for kind in types[:MOST_CHOICES]]


class SpecialtyFilter(ChoiceFilter):
    title, column, parameter_name = "specialty", "specialty", "specialty__exact"

    def lookups(self, request, model_admin):
        names = Case.objects.exclude(specialty="").values_list("specialty", flat=True)
        return [(name, name) for name in names.distinct().order_by("specialty")[:MOST_CHOICES]]


def case_walk(case_id: str) -> Q:
    """The rows of one case. The second condition lets SQLite see that the partial index holds them all."""
    return Q(case_id=case_id) & ~Q(case_id="")
