"""WSGI entry point: `granian --interface wsgi medsim_tracking.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")
application = get_wsgi_application()
