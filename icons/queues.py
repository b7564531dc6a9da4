"""The queues of tasks: which there are, and what to do when they cannot be reached."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError as QueueError
from kombu.transport.virtual import Channel

# What people wait for, and short tasks of the schedule; imports; icons to index, of which there may be 400,000; files
# of bags.
PROMPT, IMPORTS, INDEXING, DOWNLOADS = (queue.name for queue in settings.CELERY_TASK_QUEUES)

log = logging.getLogger(__name__)


@contextmanager
def logging_unreachable_queue(instead: str) -> Iterator[None]:
    """Where the queue cannot be reached, leave the block, and log what happens instead."""
    try:
        yield
    except QueueError as error:
        log.warning("The queue cannot be reached (%s): %s.", error, instead)


def messages_waiting(queue: str) -> int:
    """How many messages wait in a queue; one that a worker has taken does not wait."""
    with current_app.connection_for_read() as connection, connection.channel() as channel:
        # The channel of Redis is a virtual one, which kombu's types do not say.
        return int(cast(Channel, channel).queue_declare(queue).message_count)
