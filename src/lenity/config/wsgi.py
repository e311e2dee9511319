"""The WSGI application."""

from __future__ import annotations

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lenity.gateways import clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lenity.config.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays for good: collections need not look at it again
if settings.LENITY_CLOCK_SHIFT:
    clock.install(clock.ShiftedClock(settings.LENITY_CLOCK_SHIFT))
