"""The one place through which every entry of every source is read.

Sources are written by others, and what can be wrong with them cannot be listed: each compression method of a zip has
errors of its own, and JSON may hold any type anywhere. So whatever an entry raises makes that entry rejected, with the
reason, and the others come in. What is foreseen is raised as ValidationError or SourceError, whose sentences are
written for people; everything else is logged with its traceback.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icons.importing.packs import Rejected, SourceError
from icons.texts import error_text

log = logging.getLogger(__name__)

Entry = TypeVar("Entry")
Result = TypeVar("Result")

MAX_TRACEBACKS = 10  # tracebacks logged for one list of entries; a damaged source may have thousands of bad ones
BAD_ENTRY = gettext_lazy("The entry does not have the expected form (%(why)s).")


def read_each(
    entries: Iterable[Entry],
    read: Callable[[Entry], Result | None],
    reject: Callable[[Entry, str], Rejected],
    sentence: str | Promise = BAD_ENTRY,
) -> Iterator[Result | Rejected]:
    """What `read` makes of each entry, lazily; entries that it makes None of are skipped.

    `reject` names an entry that cannot be read, given the entry and the reason. `sentence` is the reason for errors
    that `read` did not foresee; its `%(why)s` is the error.
    """
    tracebacks = 0
    for entry in entries:
        try:
            result = read(entry)
        except (ValidationError, SourceError) as error:
            yield reject(entry, _sentence(error))
        except Exception as error:
            rejected = reject(entry, str(sentence) % {"why": error_text(error)})
            if tracebacks < MAX_TRACEBACKS:
                tracebacks += 1
                log.exception("Cannot read %r.", rejected.name)
            yield rejected
        else:
            if result is not None:
                yield result


@contextmanager
def reading(source: str) -> Iterator[None]:
    """Turn whatever the block raises into a SourceError, which says that this source cannot be read."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        log.exception("Cannot read %r.", source)
        raise SourceError(
            _("%(source)s cannot be read (%(why)s).") % {"source": source, "why": error_text(error)}
        ) from error


def _sentence(error: ValidationError | SourceError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
