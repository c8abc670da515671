"""What every page shares: it enforces the policy it declares and tells times in the viewer's zone."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.access import Access
from accounts.calendar import local_day
from analytics.words import complete_through


class Page(View):
    """A page for a browser.

    Nobody signed in: to the sign-in page and back. A role that is not admitted: 403. What one may not see
    is the view's own 404. A page that declares no policy answers nobody.
    """

    access: Access | None = None
    http_method_names = ["get", "head"]

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not isinstance(self.access, Access):
            raise PermissionDenied
        if not self.access.admits(request.user):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        self.now = timezone.now()
        self.zone_name = getattr(request.user, "time_zone", "") or settings.MEDSIM_TIME_ZONE
        with timezone.override(ZoneInfo(self.zone_name)):
            return super().dispatch(request, *args, **kwargs)

    def page(self, template: str, **context) -> HttpResponse:
        """Render a template with what every page says: now, and whose clock it tells."""
        shared = {
            "now": self.now,
            "complete_through": complete_through(self.now, local_day(self.now)),
            "viewer_zone": self.zone_name,
            "institution_zone": settings.MEDSIM_TIME_ZONE,
        }
        return render(self.request, template, shared | context)
