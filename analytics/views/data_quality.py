"""What came in, what was refused and why, how far clocks and times can be trusted, and whether the counts are new."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from analytics.jobs.catching_up import catch_up
from analytics.quality import (
    arrivals_chart,
    days_table,
    findings,
    jobs_table,
    measures,
    period_words,
    reasons,
    recent_words,
    refused_table,
    replay_words,
    words_table,
)
from analytics.selectors.quality.arrivals import arrivals_in
from analytics.selectors.quality.catalogue import catalogue_quality
from analytics.selectors.quality.refusals import refusals
from analytics.selectors.quality.works import counting_state
from analytics.selectors.usage import page_usage
from analytics.usage import keep_views
from analytics.usage_figures import usage_table
from analytics.views.page import Page
from analytics.words import complete_through
from interactions.models import RejectedInteraction
from interactions.quarantine.replay import MOST_AT_ONCE, replay_as
from interactions.windows import read_window

LONGEST_CODE = RejectedInteraction._meta.get_field("code").max_length


class DataQualityPage(Page):
    access = Access.ADMIN
    filters = ("timeRange",)
    exports = True

    def get(self, request):
        catch_up(now=self.now)
        period = arrivals_in(read_window({"timeRange": self.form.value_of("timeRange")}, self.now))
        refused, counting, catalogue = (
            refusals(now=self.now),
            counting_state(now=self.now),
            catalogue_quality(now=self.now),
        )
        keep_views()
        usage = page_usage(now=self.now)
        tables = {
            "days": days_table(period),
            "refused": refused_table(refused),
            "words": words_table(catalogue),
            "jobs": jobs_table(counting),
            "usage": usage_table(usage),
        }
        if self.wants_csv:
            return self.csv(tables)
        counted = counting.complete_through
        return self.page(
            "pages/data_quality.html",
            findings=findings(period, refused, counting),
            recent=recent_words(counting),
            counting=counting,
            counted_through=counted and complete_through(counted, local_day(self.now)),
            period=period,
            period_words=period_words(period),
            measures=measures(period),
            days=arrivals_chart(period),
            reasons=reasons(refused),
            catalogue=catalogue,
            otherwise=list(zip(catalogue.told_otherwise, tables["words"].rows, strict=True)),
            usage=usage,
            tables=tables,
        )


class QuarantineReplay(Page):
    """POST `code`: tries again what was refused for it, oldest first; without a code, whatever was refused."""

    access = Access.ADMIN
    http_method_names = ["get", "head", "post"]

    def get(self, request):
        return redirect("data-quality")

    def post(self, request):
        # No stored code holds a NUL, which PostgreSQL would not even take in a question.
        code = request.POST.get("code", "").replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST_CODE]
        rows = RejectedInteraction.objects.replayable(self.now)
        if code:
            rows = rows.filter(code=code)
        rows = list(rows.defer("body").order_by("received_at", "pk")[: MOST_AT_ONCE + 1])
        if not rows:
            messages.info(request, gettext("Nothing waits there: it was tried, or has expired, meanwhile."))
            return redirect("data-quality")
        left = len(rows) > MOST_AT_ONCE
        report = replay_as(request.user, rows[:MOST_AT_ONCE])
        messages.info(request, replay_words(report, left, MOST_AT_ONCE))
        return redirect("data-quality")
