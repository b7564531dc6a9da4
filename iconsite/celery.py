"""The Celery application: `celery -A iconsite worker`, `celery -A iconsite beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")

app = Celery("iconsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
