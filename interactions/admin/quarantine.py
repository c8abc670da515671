"""The quarantine: what was refused for its content, why, and the action that tries it again."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html

from interactions.admin.readings import NOTHING, moment
from interactions.models import RejectedInteraction
from interactions.quarantine.opening import body_of
from interactions.quarantine.replay import MOST_AT_ONCE, replay_as
from interactions.sealing import Unavailable


@admin.register(RejectedInteraction)
class RejectedInteractionAdmin(admin.ModelAdmin):
    list_display = (
        moment("received_at"),
        "sender",
        "owner",
        "code",
        "where",
        "door",
        "times",
        moment("expires_at"),
    )
    list_filter = ("door", "status")
    list_select_related = ("sender",)
    search_fields = ("=owner", "=event_id", "=code", "=sender__public_id")
    search_help_text = "Exactly a learner's public id, an event id, a code, or the sender's public id."
    ordering = ("-received_at", "-id")
    actions = ("replay",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("sender", "owner", "event_id", "door", "place")}),
        ("Why", {"fields": ("status", "code", "all_errors")}),
        (
            "When",
            {
                "fields": (
                    moment("received_at", exact=True),
                    moment("sent_at", exact=True),
                    moment("last_received_at", exact=True),
                    "times",
                    moment("expires_at", exact=True),
                )
            },
        ),
        ("What was sent", {"fields": ("size", "complete", "sent_body")}),
    )

    @property
    def readonly_fields(self):
        return [name for _, options in self.fieldsets for name in options["fields"]]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="pointer")
    def where(self, row) -> str:
        return row.pointer or NOTHING

    @admin.display(description="errors")
    def all_errors(self, row) -> str:
        lines = [f"{error['pointer'] or 'the whole'}: {error['code']}" for error in row.errors]
        return format_html("<pre>{}</pre>", "\n".join(lines)) if lines else NOTHING

    @admin.display(description="body")
    def sent_body(self, row) -> str:
        try:
            body = body_of(row)
        except Unavailable as reason:
            return f"Unavailable. {reason}"
        return format_html("<pre>{}</pre>", _shown(body))

    @admin.action(description="Replay: try again, as sent", permissions=["view"])
    def replay(self, request, queryset):
        rows = list(queryset.replayable(timezone.now()).order_by("received_at", "pk")[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            word = f"More than {MOST_AT_ONCE} at once are for the command: manage.py replay_quarantine."
            self.message_user(request, word, messages.ERROR)
            return
        gone = len(replay_as(request.user, rows).gone)
        stay = len(rows) - gone
        word = f"Replayed: {gone} went in or were there already, {stay} stay, with the reason they have now."
        self.message_user(request, word, messages.WARNING if stay else messages.SUCCESS)


def _shown(body: bytes) -> str:
    """The body as text in which nothing hides: what is not UTF-8 or cannot be printed is written as an escape."""
    text = body.decode("utf-8", "backslashreplace")
    return "".join(
        sign if sign.isprintable() or sign in "\n\r\t" else sign.encode("unicode_escape").decode() for sign in text
    )
