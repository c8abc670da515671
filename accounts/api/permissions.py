"""The one permission class of the API: it enforces the policy the view declares."""

from rest_framework.permissions import BasePermission

from accounts.access import Access


class DeclaredAccess(BasePermission):
    """Admit by the view's `access`; refuse where a view declares none."""

    def has_permission(self, request, view) -> bool:
        declared = getattr(view, "access", None)
        return isinstance(declared, Access) and declared.admits(request.user)
