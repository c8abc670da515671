"""A change list for tables too large to count: pages by key, filters in bounded work, an estimate for a total."""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from interactions.admin.filters import WalkFilter
from interactions.admin.hierarchy import Period, drill_down
from interactions.admin.probes import PATIENCE, estimated_total, patience, ran_out_of_patience
from interactions.admin.walks import Found, Key, Order, look_for_page

OLDER, NEWER = "older", "newer"


class KeysetChangeList(ChangeList):
    """Asks of its model admin, which is a `LargeTableAdmin`: `along`, `along_walks`, `list_defer` and `search`."""

    def get_queryset(self, request, exclude_parameters=None):
        self._refuse_nul(request)
        self.query = self.query.strip()
        self.place = self._take_place()
        self.period = self._period()
        self.filter_specs, self.has_filters, remaining, _, self.has_active_filters = self.get_filters(request)
        bounds = self.period.bounds()
        # Django has turned the period into these two; ours are cut by the institution's calendar.
        beyond_filters = remaining.keys() - {f"{self.date_hierarchy}__gte", f"{self.date_hierarchy}__lt"}
        if beyond_filters:
            raise IncorrectLookupParameters(f"There is no filter {', '.join(sorted(beyond_filters))}.")
        self.clear_all_filters_qs = self.get_query_string(remove=self.get_filters_params())

        rows = self.root_queryset.defer(*self.model_admin.list_defer)
        if bounds is not None:
            start, end = bounds
            rows = rows.filter(**{f"{self.date_hierarchy}__gte": start, f"{self.date_hierarchy}__lt": end})
        self._choose_walks()
        return rows

    def get_results(self, request):
        self.order = Order(self.along, newest_first=self.place is None or self.place[0] == OLDER)
        self.found, self.drill_down, self.total = Found(), {"show": False}, None
        try:
            with patience():
                self.found = self._look(request)
                self._drill(request)
                if not (self.query or self.has_active_filters or self.period.year):
                    self.total = estimated_total(self.model)
        except OperationalError as error:
            if not ran_out_of_patience(error):
                raise
            self.notes.append(
                f"The database was stopped after {PATIENCE}, as this would have taken too long. "
                "Choose a period, a learner or a case."
            )
        self.result_list = self.found.rows if self.order.newest_first else self.found.rows[::-1]
        # What Django's templates read; equal counts say that there is no count to show.
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = None

    def _refuse_nul(self, request):
        # PostgreSQL refuses NUL in a parameter; no stored text holds one.
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters("A parameter holds the character NUL.")

    def _take_place(self) -> tuple[str, str] | None:
        """Which way from which key; out of the parameters, so that no filter's link carries it on."""
        taken = [(way, self.params.pop(way)) for way in (OLDER, NEWER) if way in self.params]
        for way, _ in taken:
            del self.filter_params[way]
        return taken[0] if taken else None

    def _period(self) -> Period:
        return Period.read(*(self.params.get(f"{self.date_hierarchy}__{part}") for part in ("year", "month", "day")))

    def _choose_walks(self) -> None:
        """One condition that an index serves leads; all others are tried on the rows it leads to."""
        self.notes = []
        self._tried = []
        self._walks = None
        for spec in self.filter_specs:
            if not any(name in self.filter_params for name in spec.expected_parameters()):
                continue
            walks = spec.walks() if self._walks is None and isinstance(spec, WalkFilter) else None
            if walks is None:
                self._tried.append(spec.queryset)
            else:
                self._walks = walks
        if self.query:
            walks, note = self.model_admin.search(self.query)
            self.notes.append(note)
            if self._walks is None or not walks:
                # A search that names nobody finds nothing, whatever the filters say.
                self._walks = walks
            else:
                condition = reduce(or_, walks)
                self._tried.append(lambda request, queryset: queryset.filter(condition))
        self.along = self.model_admin.along if self._walks is None else self.model_admin.along_walks

    def _look(self, request) -> Found:
        after = None
        if self.place is not None:
            try:
                after = Key.read(self.place[1], self.model, self.along)
            except (ValidationError, OverflowError) as error:
                raise IncorrectLookupParameters(error) from error
        return self._look_from(request, self.order, after, self.list_per_page)

    def _look_from(self, request, order: Order, after: Key | None, size: int) -> Found:
        def narrow(queryset):
            for condition in self._tried:
                queryset = condition(request, queryset)
            return queryset

        return look_for_page(
            viewer=request.user,
            rows=self.queryset,
            walks=[Q()] if self._walks is None else self._walks,
            narrow=narrow if self._tried else None,
            order=order,
            after=after,
            size=size,
        )

    def stretches(self, request, size: int) -> Iterator[Found]:
        """All that is listed, newest first, in stretches of at most `size` rows, each found in bounded work."""
        order, after = Order(self.along), None
        while True:
            with patience():
                found = self._look_from(request, order, after, size)
            yield found
            if found.more:
                after = order.key_of(found.rows[-1])
            elif found.looked_until is not None:
                after = Key(found.looked_until)
            else:
                return

    def _drill(self, request) -> None:
        if not self.date_hierarchy:
            return
        rows = self.root_queryset
        if self._walks is not None and len(self._walks) == 1:
            rows = rows.filter(self._walks[0])
        self.drill_down = drill_down(request.user, rows, self.date_hierarchy, self.period, self._period_link)

    def _period_link(self, period: Period) -> str:
        parts = {"year": period.year, "month": period.month, "day": period.day}
        return self.get_query_string({f"{self.date_hierarchy}__{name}": value for name, value in parts.items()})

    def _link(self, way: str, key: Key | None) -> str | None:
        return None if key is None else self.get_query_string({way: str(key)})

    @property
    def looked_further(self) -> bool:
        """Whether the window ended before the page was full."""
        return self.found.looked_until is not None and not self.found.more

    @property
    def window_told(self) -> str:
        until = self.found.looked_until
        until = f"{timezone.localtime(until):%Y-%m-%d %H:%M %Z}" if isinstance(until, datetime) else until
        direction = "newest" if self.order.newest_first and self.place is None else "next"
        return (
            f"Looked through the {direction} {self.found.window:,} {self.opts.verbose_name_plural} that could "
            f"match, as far as {until}. More may match beyond; a search and, where there are any, the date links "
            "get there at once."
        )

    @property
    def total_told(self) -> str:
        """An estimate, and called one."""
        if self.total is None:
            return ""
        return f"About {self.total:,} {self.opts.verbose_name_plural} in all (an estimate)"

    def _onward(self) -> Key | None:
        """Where the next page in this order begins."""
        if self.found.more:
            return self.order.key_of(self.found.rows[-1])
        return Key(self.found.looked_until) if self.looked_further else None

    def _back(self) -> Key | None:
        """Where the page before begins, as seen from a page that was come to by key."""
        if self.place is None or not self.found.rows:
            return None
        return self.order.key_of(self.found.rows[0])

    @property
    def older_link(self) -> str | None:
        return self._link(OLDER, self._onward() if self.order.newest_first else self._back())

    @property
    def newer_link(self) -> str | None:
        return self._link(NEWER, self._back() if self.order.newest_first else self._onward())

    @property
    def newest_link(self) -> str | None:
        return None if self.place is None else self.get_query_string()
