import os

# numpy's matrices are small here: its threads would only slow each other down, and those of TensorFlow.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from iconsite.celery import app as celery_app  # noqa: E402  (web requests and commands queue their tasks with it)

__all__ = ["celery_app"]
