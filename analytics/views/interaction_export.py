"""The interaction log as the admin lists it, with its filters, as a file that is written while it is read."""

from collections.abc import Iterator
from itertools import chain

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from accounts.access import Access
from accounts.calendar import local_day
from analytics.exports import export_allowed, log_export
from analytics.models import ExportLog
from analytics.views.interaction_lines import Csv, JsonLines
from analytics.views.page import Page
from interactions.admin.changelist import KeysetChangeList
from interactions.admin.log import InteractionAdmin
from interactions.admin.walks import Found
from interactions.models import UserInteractionTrackingModel
from interactions.policies import policy_book

# Told on the list itself, in templates/admin/interactions/log.html.
MOST_ROWS = 100_000
# Stretches that are looked through: a filter that matches nearly nothing ends too.
MOST_STRETCHES = 250
STRETCH = 1_000


class _Unshown(KeysetChangeList):
    """The list without its page: nothing is looked up before it is asked for."""

    def get_results(self, request):
        self.notes = []


class _ExportedLog(InteractionAdmin):
    list_defer = ("fingerprint",)

    def get_changelist(self, request, **kwargs):
        return _Unshown


class InteractionsAsCsv(Page):
    """The same address as the admin's list has, filters included. 400 for a filter that the list refuses too."""

    access = Access.ADMIN
    form_of_lines = Csv
    suffix = "csv"

    def get(self, request) -> HttpResponse:
        listed = self._listed()
        lines = self.form_of_lines()
        name = f"interactions-{local_day(self.now):%Y-%m-%d}.{self.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if request.method == "HEAD":
            return HttpResponse(content_type=lines.content_type, headers=headers)
        verdict = export_allowed(request.user, self.now)
        if not verdict.allowed:
            return self._too_many(verdict.retry_after)
        stretches = listed.stretches(request, STRETCH)
        # The first before the answer begins: what goes wrong at once is still told as such.
        first = next(stretches)
        log = log_export(
            viewer=request.user,
            page="interactions",
            subject="",
            table=self.suffix,
            filters=request.GET.dict(),
            rows=0,
            now=self.now,
        )
        written = _written(lines, chain([first], stretches), log)
        return StreamingHttpResponse(written, content_type=lines.content_type, headers=headers)

    def _listed(self) -> KeysetChangeList:
        try:
            return _ExportedLog(UserInteractionTrackingModel, admin.site).get_changelist_instance(self.request)
        except (IncorrectLookupParameters, DisallowedModelAdminLookup) as error:
            raise BadRequest("The log has no such filter.") from error


class InteractionsAsJsonLines(InteractionsAsCsv):
    form_of_lines = JsonLines
    suffix = "jsonl"


def _written(lines: Csv | JsonLines, stretches: Iterator[Found], log: ExportLog) -> Iterator[str]:
    book, rows = policy_book(), 0
    yield lines.head
    for number, found in enumerate(stretches, start=1):
        taken = found.rows[: MOST_ROWS - rows]
        rows += len(taken)
        # Before they leave, so that the log never tells of fewer than were taken out.
        ExportLog.objects.filter(pk=log.pk).update(rows=rows)
        yield lines.lines(taken, book)
        more = len(taken) < len(found.rows) or found.more or found.looked_until is not None
        if more and (rows >= MOST_ROWS or number >= MOST_STRETCHES):
            yield lines.notice(_notice(rows, taken[-1].occurred_at if taken else found.looked_until))
            return


def _notice(rows: int, until) -> str:
    return (
        f"Stopped after {rows:,} interactions, at {timezone.localtime(until):%Y-%m-%d %H:%M:%S %Z}: this file does not "
        "hold what is older. Choose a period, a learner or a case for the rest."
    )
