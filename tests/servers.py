"""A plugin (`-p tests.servers`) that starts the embedded servers before pytest-django reads the settings.

Servers that DATABASE_URL and REDIS_URL name are used in their place. Where several processes share the tests
(`pytest -n`), each has servers of its own, and the one that hands the tests out has none.
"""

import os
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack

VAR_DIR = tempfile.mkdtemp(prefix="iconsite-tests-")
os.environ["VAR_DIR"] = VAR_DIR
# Processes that share out the tests would count together: what one indexes, a test of another would read.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.path.join(VAR_DIR, "metrics")
# Playwright runs an event loop in the thread of the tests, in which Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from iconsite import embedded_servers  # noqa: E402  (it reads VAR_DIR when imported)

NOWHERE = "postgres://nobody@localhost/none"  # for a process that hands tests out: its settings want an address

# "-n 2" or "-n2", but neither "-n 0" nor "-n0"
SHARED = re.search(r" -n ?[1-9]", " ".join(["", *sys.argv]))

_running = ExitStack()
if "PYTEST_XDIST_WORKER" in os.environ or not SHARED:
    if os.environ.get("DATABASE_URL") == NOWHERE:
        del os.environ["DATABASE_URL"]
    _running.enter_context(embedded_servers.servers())
else:
    os.environ.setdefault("DATABASE_URL", NOWHERE)


def pytest_unconfigure() -> None:
    """End the servers and delete their files."""
    _running.close()
    shutil.rmtree(VAR_DIR, ignore_errors=True)
