"""Case attempts: what became of each start, with what is only inferred apart from what was declared. For looking."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from interactions.admin.filters import CaseFilter, ChoiceFilter, CohortFilter, LearnerFilter
from interactions.admin.large import LargeTableAdmin
from interactions.admin.readings import NOTHING, moment
from interactions.admin.search import search_learners_and_cases
from interactions.models import CaseAttempt

STAGE = ("stage", "stage_told_by")


class OutcomeFilter(ChoiceFilter):
    title, column, parameter_name = "outcome", "outcome", "outcome__exact"

    def lookups(self, request, model_admin):
        return CaseAttempt.Outcome.choices


@admin.register(CaseAttempt)
class CaseAttemptAdmin(LargeTableAdmin):
    list_display = (
        moment("started_at"),
        "learner",
        "case",
        "outcome",
        "stage",
        moment("last_seen_at"),
        moment("ended_at"),
        moment("inferred_at"),
        moment("undone_at"),
    )
    list_filter = (LearnerFilter, CaseFilter, OutcomeFilter, CohortFilter)
    allowed = frozenset(("learner", "case", "cohort", "outcome__exact"))
    along = along_walks = "started_at"
    search_fields = ("user__public_id", "user__name", "user__email", "case_id")
    search_help_text = "A learner's public id, name or e-mail, or a case's id or title."
    fieldsets = (
        (None, {"fields": ("learner", "case", moment("started_at", exact=True), "started_by", "outcome")}),
        (
            "End",
            {"fields": (moment("last_seen_at", exact=True), moment("ended_at", exact=True), "ended_with", *STAGE)},
        ),
        (
            "Inferred",
            {"fields": (moment("inferred_at", exact=True), moment("undone_at", exact=True), "undone_with")},
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def search(self, term):
        return search_learners_and_cases(term)

    @admin.display(description="learner")
    def learner(self, row) -> str:
        return _narrowed(row.user.display_name, learner=row.user.public_id)

    @admin.display(description="case")
    def case(self, row) -> str:
        return _narrowed(row.case_id, case=row.case_id)

    @admin.display(description="started by")
    def started_by(self, row) -> str:
        return _interaction(row.start)

    @admin.display(description="ended by")
    def ended_with(self, row) -> str:
        return _interaction(row.ended_by)

    @admin.display(description="stage told by")
    def stage_told_by(self, row) -> str:
        return _interaction(row.stage_by)

    @admin.display(description="taken back because of")
    def undone_with(self, row) -> str:
        return _interaction(row.undone_by)


def _narrowed(text: str, **filters: str) -> str:
    """A link to the attempts of one learner or at one case."""
    address = reverse("admin:interactions_caseattempt_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(filters), text)


def _interaction(pk) -> str:
    if pk is None:
        return NOTHING
    address = reverse("admin:interactions_userinteractiontrackingmodel_change", args=[pk])
    return format_html('<a href="{}">{}</a>', address, pk)
