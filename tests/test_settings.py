"""Settings that environment variables change."""

import ctypes
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

PRINT_SCHEDULE = "import json; from iconsite import settings; print(json.dumps(settings.CELERY_BEAT_SCHEDULE))"


def test_a_scheduled_message_expires_when_the_next_one_is_queued() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", PRINT_SCHEDULE],
        env={**os.environ, "SWEEP_SECONDS": "600"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    schedule = json.loads(printed.stdout)
    assert schedule["sweep"]["schedule"] == 600
    assert [name for name, entry in schedule.items() if entry["options"]["expires"] != entry["schedule"]] == []


@pytest.mark.parametrize("name", ["SWEEP_SECONDS", "BAG_SECONDS", "CONFIDENT_FROM"])
def test_what_is_no_number_is_refused_with_a_sentence(name: str) -> None:
    failed = subprocess.run(
        [sys.executable, "-c", PRINT_SCHEDULE],
        env={**os.environ, name: "many"},
        cwd=settings.BASE_DIR,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert failed.returncode and f"{name} must be a" in failed.stderr and "not 'many'" in failed.stderr


COUNT_ARENAS = """
import ctypes, threading
from iconsite.gunicorn_conf import post_fork

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.fopen.restype = ctypes.c_void_p, ctypes.c_void_p
post_fork(None, None)
ready = threading.Barrier(8)
def allocate():
    ready.wait()
    libc.malloc(1000)
    ready.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.malloc_info(0, ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w")))
libc.fflush(None)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="only glibc has such areas of memory")
def test_the_threads_of_a_web_process_share_few_areas_of_memory() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", COUNT_ARENAS], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True
    )
    assert 1 <= printed.stdout.count("<heap nr=") <= 4
