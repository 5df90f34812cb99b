"""The application as WSGI servers expect it."""

import os

from django.core.wsgi import get_wsgi_application

from zaplecze.web.home import home, prepare

prepare(home())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaplecze.web.settings")
application = get_wsgi_application()
