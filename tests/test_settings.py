"""Settings that environment variables change."""

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
