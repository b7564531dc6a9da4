from iconsite.celery import app as celery_app  # tasks of web requests and commands go to this app's queue

__all__ = ["celery_app"]
