"""What every page shares: the policy it declares is enforced, its filters are read, times are told in one zone."""

from collections.abc import Mapping
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template import RequestContext
from django.template.loader import get_template
from django.utils import timezone
from django.utils.text import slugify
from django.views import View

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from accounts.zones import zone_of_viewer
from analytics.charts import Table
from analytics.exports import csv_text, export_allowed, log_export
from analytics.forms import FilterForm
from analytics.usage import note_view
from analytics.words import complete_through

CSV = "csv"


class Page(View):
    """A page for a browser.

    Nobody signed in: to the sign-in page and back. A role that is not admitted: 403. What one may not see
    is the view's own 404. A page that declares no policy answers nobody.

    filters  names of the fields of analytics.forms.FilterForm that the page's figures honour; `self.form` reads them
    exports  whether `?format=csv` gives the page's tables (`self.csv`)
    """

    access: Access | None = None
    filters: tuple[str, ...] = ()
    exports = False
    http_method_names = ["get", "head"]

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not isinstance(self.access, Access):
            raise PermissionDenied
        if not self.access.admits(request.user):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        self.now = timezone.now()
        if self.filters:
            self.form = FilterForm(request, self.filters)
            # A part that is asked for again shows what its page shows: nobody chose anything.
            if not request.htmx and (elsewhere := self.form.settle()):
                return redirect(elsewhere)
        self.zone_name = zone_of_viewer(request.user)
        with timezone.override(ZoneInfo(self.zone_name)):
            answer = super().dispatch(request, *args, **kwargs)
        if _is_page(answer) and request.method == "GET" and not request.htmx:
            note_view(request.resolver_match.url_name, local_day(self.now))
        return answer

    def tell_times_for(self, cohort: Cohort) -> None:
        """On a cohort's page a viewer without a zone of his own reads the cohort's clock."""
        self.zone_name = zone_of_viewer(self.request.user, cohort)
        timezone.activate(ZoneInfo(self.zone_name))

    def page(self, template: str, **context) -> HttpResponse:
        """Render a template with what every page says: now, and whose clock it tells."""
        shared = {
            "now": self.now,
            "complete_through": complete_through(self.now, local_day(self.now)),
            "viewer_zone": self.zone_name,
            "institution_zone": settings.MEDSIM_TIME_ZONE,
            "form": getattr(self, "form", None),
            "exports": self._export_query() if self.exports else "",
        }
        told = RequestContext(self.request, shared | context)
        answer = HttpResponse(get_template(template).template.render(told))
        # What a template set knows its context, which knows it: a circle that would keep all that the page read
        # until the collector of garbage comes by.
        told.pop()
        return answer

    # --- What is on screen, as CSV --------------------------------------------------------------------------

    @property
    def chosen(self) -> dict[str, str]:
        """What was asked for, by the names of the address, as the log of exports keeps it."""
        return self.form.chosen if self.filters else {}

    @property
    def wants_csv(self) -> bool:
        return self.exports and self.request.GET.get("format") == CSV

    def csv(self, tables: Mapping[str, Table | None], *, subject: str = "") -> HttpResponse:
        """One of the page's tables (`?table=`, else the first), logged and counted.

        A view calls it after the selector that its page asks, with the tables of its page, so that nothing leaves
        by this door that does not stand on the page. None: not shown, as for a group too small.
        """
        name = self.request.GET.get("table") or next(iter(tables), "")
        table = tables.get(name)
        if table is None:
            raise Http404
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        page = self.request.resolver_match.url_name
        told = "-".join(filter(None, [page, slugify(subject), slugify(name), f"{local_day(self.now):%Y-%m-%d}"]))
        answer["Content-Disposition"] = f'attachment; filename="{told}.csv"'
        if self.request.method == "HEAD":
            return answer
        verdict = export_allowed(self.request.user, self.now)
        if not verdict.allowed:
            return self._too_many(verdict.retry_after)
        answer.write(csv_text(table))
        log_export(
            viewer=self.request.user,
            page=page,
            subject=subject,
            table=name,
            filters=self.chosen,
            rows=len(table.rows),
            now=self.now,
        )
        return answer

    def _too_many(self, wait: int) -> HttpResponse:
        answer = render(self.request, "429_export.html", {"minutes": -(-wait // 60)}, status=429)
        answer["Retry-After"] = str(wait)
        return answer

    def _export_query(self) -> str:
        """The query string of the page's export: the same filters, order and page, another format."""
        query = {name: self.request.GET[name] for name in ("sort", "page") if name in self.request.GET}
        return self.form.query(**query, format=CSV) if self.filters else urlencode(query | {"format": CSV})


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
