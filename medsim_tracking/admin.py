"""The admin site: Django's own, under this product's name and behind its one door."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


class MedsimAdminSite(AdminSite):
    site_header = "Medsim Tracking: administration"
    site_title = "Medsim Tracking"
    index_title = "Audit and set-up"

    def has_permission(self, request):
        # The role decides, as everywhere; Django's own flag follows it, but a bulk update might leave it behind.
        return super().has_permission(request) and request.user.is_admin

    def admin_view(self, view, cacheable=False):
        """Django's, but who may not enter meets what he meets elsewhere: the sign-in page, or 403."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if self.has_permission(request):
                return guarded(request, *args, **kwargs)
            # Back to signing out would sign out whoever has just signed in.
            is_farewell = request.path == reverse("admin:logout", current_app=self.name)
            return self._refuse(request, "" if is_farewell else request.get_full_path())

        return update_wrapper(inner, guarded)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """No second form for passwords: the pages' own leads back here."""
        return self._refuse(request, request.GET.get(REDIRECT_FIELD_NAME, ""))

    def _refuse(self, request, aim: str):
        """Nobody signed in: to the sign-in page, which leads on to `aim` where that is of this host. Others: 403.

        aim   "" for the first page of the administration, where an admin who asks to sign in is led as well
        """
        aim = aim or reverse("admin:index", current_app=self.name)
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        # Who is signed in already is sent on from there.
        return redirect_to_login(aim)
