"""The WSGI application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lenity.gateways import clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lenity.config.settings")
application = get_wsgi_application()
if settings.LENITY_CLOCK_SHIFT:
    clock.install(clock.ShiftedClock(settings.LENITY_CLOCK_SHIFT))
