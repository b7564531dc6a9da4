"""Translations: people write them in locale/*.po, and they are compiled here, so that no machine needs gettext."""

import os
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(source: Path, target: Path) -> Path:
    """Compile every catalogue in the folder `source` that has changed, into the folder `target`, which is returned.

    Raises UnicodeDecodeError if a catalogue is not in UTF-8; what was compiled before stays.
    """
    for po in source.glob("*/LC_MESSAGES/*.po"):
        mo = target / po.relative_to(source).with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns == po.stat().st_mtime_ns:
            continue
        compiled = BytesIO()
        with open(po, encoding="utf-8") as text:
            write_mo(compiled, read_po(text, locale=po.parent.parent.name))
        mo.parent.mkdir(parents=True, exist_ok=True)
        draft = mo.with_suffix(f".{os.getpid()}")
        draft.write_bytes(compiled.getvalue())
        os.utime(draft, ns=(po.stat().st_atime_ns, po.stat().st_mtime_ns))  # tells from which version it was compiled
        draft.rename(mo)  # atomic: other processes may be starting
    return target
