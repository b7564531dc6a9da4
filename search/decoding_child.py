"""The child program that reads uploaded files for search.uploads: decoders and rasterisers crash, hang and swell.

It is started as `python -m search.decoding_child SETTINGS`, with some of Django's settings in JSON, and then answers
requests on stdin with replies on stdout, each a line of JSON and bytes. It ends when stdin does, and when a file takes
more of the processor's time or of memory than it may.
"""

import json
import struct
import sys
from functools import partial
from typing import Any, BinaryIO

import django
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from PIL import Image

from icons.child_protocol import PATIENCE, limit_memory, limit_time, open_pipes, write_ready, write_reply

REQUEST = struct.Struct("<II")  # bytes of the JSON that follows, and of the file after it
MEMORY = 1024**3  # bytes of address space that the process may have
ENCODING_SECONDS = 4  # of the processor; how long this takes depends on the pixels alone, which are bounded


def main(configuration: str) -> None:
    """Answer requests until stdin ends."""
    requests, replies = open_pipes()
    settings.configure(INSTALLED_APPS=[], **json.loads(configuration))
    django.setup()
    import search.decoding  # noqa: F401  (it reads settings when it is imported; loaded before the first request)

    Image.MAX_IMAGE_PIXELS = None  # UPLOAD_MAX_PIXELS is looked at before a picture is decoded
    limit_memory(MEMORY)
    write_ready(replies)
    while header := requests.read(REQUEST.size):
        of_options, of_file = REQUEST.unpack(header)
        options = json.loads(requests.read(of_options))
        answer(options, requests.read(of_file), replies)


def answer(options: dict[str, Any], data: bytes, replies: BinaryIO) -> None:
    """Read one file and write the reply; ends the process where this takes too long."""
    allow(settings.UPLOAD_SECONDS)
    try:
        with translation.override(options["language"]):
            reply, content = read(options, data)
    except ValidationError as error:
        succeeded, reply, content = False, {"sentences": error.messages, "code": error.error_list[0].code}, b""
    else:
        succeeded = True
    limit_time(0, 0)
    write_reply(replies, succeeded, json.dumps(reply).encode() + b"\n", content)


def allow(seconds: float) -> None:
    """From now on, use at most so many seconds of the processor."""
    limit_time(seconds, seconds * PATIENCE)


def read(options: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the options ask for. Raises ValidationError."""
    from search.decoding import picture_in, to_be_kept

    if options["keep"]:
        content, media_type, size = to_be_kept(data, partial(allow, ENCODING_SECONDS))
        return {"media_type": media_type, "size": size}, content
    picture = picture_in(data, tuple(options["crop"]))
    return {"mode": picture.mode, "size": picture.size}, picture.tobytes()


if __name__ == "__main__":
    main(sys.argv[1])
