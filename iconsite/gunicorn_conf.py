"""Settings of the web server: `gunicorn -c python:iconsite.gunicorn_conf iconsite.wsgi`."""

import os
import threading

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "1"))  # each holds the network: some 700 MB
threads = 4
timeout = 60
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the heartbeat must not wait for a disk


def post_worker_init(worker: object) -> None:
    """Load the network while the first page is being looked at, not during the first search."""
    threading.Thread(target=_warm_up, daemon=True).start()


def _warm_up() -> None:
    from search.picture_search import warm_up

    warm_up()
