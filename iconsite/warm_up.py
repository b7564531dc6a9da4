"""What a web process loads after it has begun to answer: pages need none of it, and searches wait for it."""

import gc
import logging
import math
import threading

from iconsite import agents, preparation
from search import picture_search, uploads
from search.words import look_up

PATIENCE = 1.0  # seconds for which a search waits in one of the few threads that answer
AGAIN_AFTER = 3  # seconds after which to search again

log = logging.getLogger(__name__)
_ready = threading.Event()
_ready.set()  # a process that does not warm up loads what it needs in its first search


def begin() -> None:
    """Load the networks in a thread of its own, while the visitor still looks at the first page."""
    _ready.clear()
    threading.Thread(target=_load, daemon=True).start()


def is_ready() -> bool:
    """Whether a search can be answered; waits PATIENCE seconds for it."""
    return _ready.wait(PATIENCE)


def _load() -> None:
    try:
        uploads.warm_up()
        picture_search.load_regions()
        look_up.warm_up()
        preparation.is_over(math.inf)  # which models answer is in the database
        picture_search.load_models()
    except Exception:  # the first search meets it again, and is answered with what it means
        log.exception("The networks could not be loaded before the first search.")
    finally:
        _ready.set()
    agents.warm_up()
    # Python's collector of garbage would go through all that is loaded now, again and again: for 0.2 seconds each time.
    gc.collect()
    gc.freeze()
