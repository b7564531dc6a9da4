"""How many bodies of Iconify's icons the cleaner spells in another way: `python -m bench.iconify_bodies FOLDER`.

FOLDER has the JSON files of @iconify/json. Each icon is cleaned as an import does it, and its body compared with the
original, byte by byte; then it is exported, and cleaned and exported once more.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
os.environ.setdefault("DATABASE_URL", "postgres://nobody@localhost/none")

import django  # noqa: E402


def count_bodies(paths: list[Path]) -> Counter[str]:
    """How many bodies of the sets in these files stay the `same`, are spelt in `other` ways, or are `rejected`.

    `unsteady` are those of them that a second import and export would change.
    """
    from django.core.exceptions import ValidationError

    from icons.exporting.svg_text import iconify_icon
    from icons.importing.iconify_json import icon_svg
    from icons.models import Icon

    counts: Counter[str] = Counter()
    for path in paths:
        data = json.loads(path.read_text())
        for name, entry in data["icons"].items():
            icon = Icon(name=name)
            try:
                icon.redraw(icon_svg(entry, data))
            except ValidationError:
                counts["rejected"] += 1
                continue
            exported = iconify_icon(icon)
            counts["same" if exported["body"] == entry["body"] else "other"] += 1
            icon.redraw(icon_svg(exported, {}))
            counts["unsteady"] += iconify_icon(icon) != exported
    return counts


if __name__ == "__main__":
    django.setup()
    print(dict(count_bodies(sorted(Path(sys.argv[1]).glob("*.json")))))
