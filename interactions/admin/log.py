"""The interaction log: everything that came in, as it was told and as it was scored. For looking only."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from interactions.admin.filters import CaseFilter, CohortFilter, InteractionTypeFilter, LearnerFilter, SpecialtyFilter
from interactions.admin.large import LargeTableAdmin
from interactions.admin.readings import NOTHING, moment, pretty_json, two_decimals
from interactions.admin.search import search_learners_and_cases
from interactions.domain.scoring import POINT_UNITS
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.policies import policy_book

_LIST = "admin:interactions_userinteractiontrackingmodel_changelist"


@admin.register(UserInteractionTrackingModel)
class InteractionAdmin(LargeTableAdmin):
    list_display = (
        moment("occurred_at"),
        "learner",
        "interaction_type",
        "case",
        "score",
        "level",
        moment("received_at"),
        "clock",
    )
    # The list shows none of these, and metadata may be long.
    list_defer = ("metadata", "performance_metrics", "fingerprint")
    list_filter = (
        LearnerFilter,
        CaseFilter,
        InteractionTypeFilter,
        "engagement_level",
        "clock_flag",
        CohortFilter,
        SpecialtyFilter,
    )
    allowed = frozenset(
        (
            *("learner", "case", "cohort", "interaction_type__exact", "specialty__exact"),
            *("engagement_level__exact", "clock_flag__exact"),
            *("occurred_at__year", "occurred_at__month", "occurred_at__day"),
        )
    )
    change_list_template = "admin/interactions/log.html"
    date_hierarchy = "occurred_at"
    along = along_walks = "occurred_at"
    # What a search means is worked out in search.py; this makes Django show the box.
    search_fields = ("user__public_id", "user__name", "user__email", "case_id")
    search_help_text = "A learner's public id, name or e-mail, or a case's id or title."
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "learner",
                    "interaction_type",
                    "case",
                    "resource",
                    "help_request_type",
                    moment("occurred_at", exact=True),
                )
            },
        ),
        (
            "Score",
            {
                "fields": (
                    "score_parts",
                    "engagement_level",
                    "policy_version",
                    "consistency",
                    "base_points",
                    "daily_sum",
                )
            },
        ),
        (
            "Time spent",
            {
                "fields": (
                    "time_spent_seconds",
                    "active_seconds",
                    moment("start_time", exact=True),
                    moment("end_time", exact=True),
                )
            },
        ),
        (
            "Clocks",
            {
                "fields": (
                    "day",
                    "clock_flag",
                    moment("told_at", exact=True),
                    moment("sent_at", exact=True),
                    moment("received_at", exact=True),
                )
            },
        ),
        (
            "As it was sent",
            {
                "fields": (
                    "event_id",
                    "session_id",
                    "specialty",
                    "difficulty",
                    two_decimals("performance"),
                    pretty_json("performance_metrics"),
                    pretty_json("metadata"),
                )
            },
        ),
        ("Record", {"fields": ("id", "fingerprint_in_hex")}),
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
        return _narrowed(row.case_title or row.case_id, case=row.case_id) if row.case_id else NOTHING

    @admin.display(description="resource")
    def resource(self, row) -> str:
        told = [row.resource_type, row.resource_id, row.resource_name]
        return ", ".join(part for part in told if part) or NOTHING

    @admin.display(description="score")
    def score(self, row) -> str:
        return f"{row.engagement_score:.2f}"

    @admin.display(description="level")
    def level(self, row) -> str:
        return row.get_engagement_level_display()

    @admin.display(description="clock")
    def clock(self, row) -> str:
        return row.get_clock_flag_display() if row.clock_flag else NOTHING

    @admin.display(description="score")
    def score_parts(self, row) -> str:
        """The stored score, and its parts computed again from the stored facts: an auditor sees both."""
        policy = next((one for one in policy_book().policies if one.version == row.policy_version), None)
        if policy is None:
            return f"{row.engagement_score:.2f}, without its parts: policy {row.policy_version} is not in force"
        parts = row.score_parts(policy)
        lines = [(name, f"{value:.4f}") for name, value in parts.items()]
        lines += [("sum", f"{sum(parts.values()):.2f}"), ("stored score", f"{row.engagement_score:.2f}")]
        # The parts are rounded to four decimals each, the score to two.
        adds_up = abs(sum(parts.values()) - row.engagement_score) < 0.006
        return format_html(
            "<table><tbody>{}</tbody></table>{}",
            format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", lines),
            "The parts add up to the score." if adds_up else "THE PARTS DO NOT ADD UP TO THE STORED SCORE.",
        )

    @admin.display(description="base points")
    def base_points(self, row) -> str:
        return f"{row.base_units / POINT_UNITS:.4f}"

    @admin.display(description="counted in")
    def daily_sum(self, row) -> str:
        """The daily sum that holds this row; one look along its unique index."""
        same = ("user_id", "day", "interaction_type", "policy_version")
        total = DailyActivity.objects.filter(**{name: getattr(row, name) for name in same}).first()
        if total is None:
            return "NO DAILY SUM HOLDS IT. Run manage.py recount_daily_activity."
        address = reverse("admin:interactions_dailyactivity_change", args=[total.pk])
        return format_html('<a href="{}">daily sum of {}</a>, {} interactions', address, total.day, total.interactions)

    @admin.display(description="fingerprint")
    def fingerprint_in_hex(self, row) -> str:
        return bytes(row.fingerprint).hex()


def _narrowed(text: str, **filters: str) -> str:
    """A link to the log of one learner or one case."""
    return format_html('<a href="{}?{}">{}</a>', reverse(_LIST), urlencode(filters), text)
