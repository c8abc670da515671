"""Diaries and books, for looking only: jobs, the counting house, exports."""

from django.contrib import admin

from analytics.models import CountedDay, CountingProgress, ExportLog, ScheduledJob
from interactions.admin.large import ReadOnlyAdmin
from interactions.admin.readings import moment


@admin.register(ScheduledJob)
class ScheduledJobAdmin(ReadOnlyAdmin):
    list_display = ("name", "outcome", moment("started_at"), moment("finished_at"), moment("next_at"), "message")
    ordering = ("name",)


@admin.register(CountedDay)
class CountedDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "interactions", moment("counted_at"), "due", "sealed")
    list_filter = ("due", "sealed")
    ordering = ("-day",)


@admin.register(CountingProgress)
class CountingProgressAdmin(ReadOnlyAdmin):
    list_display = (moment("complete_through"), moment("settled"), "levels_from", "time_zone", "zone_changed")


@admin.register(ExportLog)
class ExportLogAdmin(admin.ModelAdmin):
    """Read only: a log that can be tidied is none."""

    list_display = ("at", "viewer_name", "page", "subject", "table", "filters", "rows")
    list_filter = ("page",)
    search_fields = ("viewer_name", "subject")
    search_help_text = "Who, or whom it was about."
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("at", "viewer", "viewer_name", "page", "subject", "table", "filters", "rows")
    list_display_links = None
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
