"""The admin site: Django's own, under this product's name."""

from django.contrib.admin import AdminSite


class MedsimAdminSite(AdminSite):
    site_header = "Medsim Tracking: administration"
    site_title = "Medsim Tracking"
    index_title = "Audit and set-up"
