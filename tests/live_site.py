"""A web server of its own on the database of the tests, as gunicorn runs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from django.conf import settings
from django.db import connection

from tests.conftest import wait_until


@contextmanager
def live_site(**environment: str) -> Iterator[str]:
    """The address of a web server, with nobody limited unless these environment variables say so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    url = f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{options}"
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi"],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "BIND": f"127.0.0.1:{port}",
            "LIMIT_RATE": "0",
            "DEBUG": "",
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            **environment,
        },
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, "The web server has ended."
        with requests.Session() as session:
            session.trust_env = False
            try:
                if "LIMIT_RATE" in environment:  # a search would count
                    return session.get(f"{address}/healthz", timeout=5).ok
                # A search without a picture: 503 while the networks load, then it is refused.
                return session.post(f"{address}/api/v1/search/image/", timeout=15).status_code != 503
            except requests.ConnectionError:
                return False

    try:
        wait_until(answers)
        yield address
    finally:
        process.terminate()
        process.wait(30)
