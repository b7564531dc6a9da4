import os

# numpy's matrices here are small: threads of their own would only get in each other's way, and in TensorFlow's.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from iconsite.celery import app as celery_app  # noqa: E402  # tasks of web requests and commands go to its queue

__all__ = ["celery_app"]
