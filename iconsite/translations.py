"""Translations: written by people in locale/*.po, and compiled here, since no machine needs to have gettext for it."""

import os
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compiled(source: Path, target: Path) -> Path:
    """The folder `target` with every catalogue below `source` compiled, if it has changed since."""
    for po in source.glob("*/LC_MESSAGES/*.po"):
        mo = target / po.relative_to(source).with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns == po.stat().st_mtime_ns:
            continue
        made = BytesIO()
        with open(po, encoding="utf-8") as text:
            write_mo(made, read_po(text, locale=po.parent.parent.name))
        mo.parent.mkdir(parents=True, exist_ok=True)
        draft = mo.with_suffix(f".{os.getpid()}")
        draft.write_bytes(made.getvalue())
        os.utime(draft, ns=(po.stat().st_atime_ns, po.stat().st_mtime_ns))  # so that it is known what it was made of
        draft.rename(mo)  # at once: other processes may be starting
    return target
