"""What an auditor reads of analytics: who took which figures out."""

from django.contrib import admin

from analytics.models import ExportLog


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
