from django.contrib.admin.apps import AdminConfig


class MedsimAdminConfig(AdminConfig):
    default_site = "medsim_tracking.admin.MedsimAdminSite"
