"""Daily sums: what the writer added up, learner by day and type. For looking only."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from interactions.admin.filters import CohortFilter, InteractionTypeFilter, LearnerFilter
from interactions.admin.large import LargeTableAdmin
from interactions.admin.readings import moment
from interactions.admin.search import search_learners
from interactions.domain.scoring import POINT_UNITS
from interactions.models import DailyActivity


@admin.register(DailyActivity)
class DailyActivityAdmin(LargeTableAdmin):
    list_display = (
        "day",
        "learner",
        "interaction_type",
        "interactions",
        "points",
        "best",
        "policy_version",
        moment("last_at"),
    )
    list_filter = (LearnerFilter, InteractionTypeFilter, CohortFilter)
    allowed = frozenset(("learner", "cohort", "interaction_type__exact"))
    # No index begins with the day: the whole table is listed as it grew, one learner's rows by day.
    along, along_walks = "id", "day"
    search_fields = ("user__public_id", "user__name", "user__email")
    search_help_text = "A learner's public id, name or e-mail."
    fieldsets = (
        (None, {"fields": ("learner", "day", "interaction_type", "policy_version", "facts")}),
        (
            "Sums",
            {
                "fields": (
                    "interactions",
                    "points",
                    "best",
                    "active_seconds",
                    "wall_seconds",
                    "unknown_seconds",
                    "untimed",
                )
            },
        ),
        ("Span", {"fields": (moment("first_at", exact=True), moment("last_at", exact=True))}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["subtitle"] = f"{obj.user.display_name}, {obj.day}, {obj.interaction_type.replace('_', ' ')}"
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def search(self, term):
        return search_learners(term)

    @admin.display(description="learner")
    def learner(self, row) -> str:
        query, address = (
            urlencode({"learner": row.user.public_id}),
            reverse("admin:interactions_dailyactivity_changelist"),
        )
        return format_html('<a href="{}?{}">{}</a>', address, query, row.user.display_name)

    @admin.display(description="base points")
    def points(self, row) -> str:
        return f"{row.base_units / POINT_UNITS:.2f}"

    @admin.display(description="best single one")
    def best(self, row) -> str:
        return f"{row.best_units / POINT_UNITS:.2f}"

    @admin.display(description="added up from")
    def facts(self, row) -> str:
        query = urlencode(
            {
                "learner": row.user.public_id,
                "interaction_type__exact": row.interaction_type,
                "occurred_at__year": row.day.year,
                "occurred_at__month": row.day.month,
                "occurred_at__day": row.day.day,
            }
        )
        address = reverse("admin:interactions_userinteractiontrackingmodel_changelist")
        return format_html('<a href="{}?{}">the interactions of that day</a>', address, query)
