"""The admin site: Django's own, under this product's name."""

from django.contrib.admin import AdminSite


class MedsimAdminSite(AdminSite):
    site_header = "Medsim Tracking: administration"
    site_title = "Medsim Tracking"
    index_title = "Audit and set-up"

    def has_permission(self, request):
        # The role decides, as everywhere; Django's own flag follows it, but a bulk update might leave it behind.
        return super().has_permission(request) and request.user.is_admin
