"""Starts the embedded servers before pytest-django reads the settings (`-p tests.servers`).

DATABASE_URL and REDIS_URL, where set, are used instead.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack

VAR_DIR = tempfile.mkdtemp(prefix="iconsite-tests-")
os.environ["VAR_DIR"] = VAR_DIR
# Playwright runs an event loop in the tests' thread, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from iconsite import embedded_servers  # noqa: E402  (reads VAR_DIR)

_running = ExitStack()
_running.enter_context(embedded_servers.servers())


def pytest_unconfigure() -> None:
    _running.close()
    shutil.rmtree(VAR_DIR, ignore_errors=True)
