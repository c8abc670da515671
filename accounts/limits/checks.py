"""System checks: a configuration in which limits would not be what they say is refused."""

from django.conf import settings
from django.core.checks import Error, register
from django.db import connection

from accounts.limits.rates import Rate
from accounts.limits.stores import store_named

RATES = ("MEDSIM_RATE_LEARNER", "MEDSIM_RATE_SERVICE", "MEDSIM_RATE_EXPORT", "MEDSIM_RATE_SIGN_IN")


@register()
def check_limits(app_configs, **kwargs) -> list[Error]:
    """E001 no rate; E002 no store; E003 each of several workers would count for itself; E004 no PostgreSQL."""
    found = []
    for name in RATES:
        try:
            Rate.read(getattr(settings, name))
        except ValueError as error:
            found.append(Error(f"{name}: {error}", id="limits.E001"))
    store = settings.MEDSIM_LIMIT_STORE
    try:
        store_named(store)
    except ValueError as error:
        found.append(Error(f"MEDSIM_LIMIT_STORE: {error}", id="limits.E002"))
    if store == "memory" and settings.MEDSIM_WORKERS > 1:
        found.append(
            Error(
                f"MEDSIM_LIMIT_STORE=memory with {settings.MEDSIM_WORKERS} workers lets {settings.MEDSIM_WORKERS} "
                "times the limit through, for each worker counts for itself.",
                hint="Leave MEDSIM_LIMIT_STORE unset, or serve with one worker.",
                id="limits.E003",
            )
        )
    if store == "database" and connection.vendor != "postgresql":
        found.append(Error("MEDSIM_LIMIT_STORE=database needs PostgreSQL.", id="limits.E004"))
    return found
