"""The product's settings with DRF as it comes, and the usual app at the same addresses."""

from medsim_tracking.settings import *  # noqa: F403
from medsim_tracking.settings import INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.ingest.usual"]
ROOT_URLCONF = "benchmarks.ingest.usual.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
