from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self):
        from accounts import lookups  # noqa: F401
        from accounts.limits import checks  # noqa: F401
