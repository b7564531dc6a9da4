"""Makes `search/words/tags/` of npm packages: `python -m training.upstream_tags FOLDER`.

The folder holds the packages that `npm pack` wrote, unpacked: `tabler/`, `lucide/`, `font-awesome/` and `cldr/`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from search.words.tokens import split_words
from search.words.upstream_tags import TAGS
from search.words.wholes import whole_of

GENERIC = 0.008  # of a set's icons; a tag that more of them have tells them apart no longer
MOST_WORDS = 4  # a longer tag is a sentence, which nobody types


def main() -> None:
    """Write a file for each of the packages in the folder that the command line names."""
    folder = Path(sys.argv[1])
    tabler = _read(folder / "tabler" / "icons.json")
    lucide = _read(folder / "lucide" / "tags.json")
    awesome = _read(folder / "font-awesome" / "metadata" / "icon-families.json")
    _write("tabler", {name: icon["tags"] for name, icon in tabler.items()})
    _write("lucide", lucide)
    languages = [_read(folder / "cldr" / "annotations" / code / "annotations.json") for code in ("en", "zh")]
    english, chinese = (language["annotations"]["annotations"] for language in languages)
    # Icons of these names are in the sets of emoji, but not in them alone: an ant is called so in any set.
    _write(
        "emoji",
        {
            "-".join(split_words(english[emoji]["tts"][0])): [*names["tts"], *names.get("default", [])]
            for emoji, names in chinese.items()
            if "tts" in names and "tts" in english.get(emoji, {}) and english[emoji]["tts"][0].isascii()
        },
    )
    _write("font-awesome", {name: [*icon["search"]["terms"], icon["label"]] for name, icon in awesome.items()})


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _write(title: str, tags_of: Mapping[str, Iterable[object]]) -> None:
    by_whole: dict[str, set[str]] = {}
    for name, texts in tags_of.items():
        tags = {" ".join(split_words(str(text))) for text in texts}
        by_whole.setdefault(whole_of(name), set()).update(
            tag for tag in tags if len(tag) > 1 and len(tag.split()) <= MOST_WORDS and not tag.isdigit()
        )
    icons = Counter(tag for tags in by_whole.values() for tag in tags)
    with (TAGS / f"{title}.tsv").open("w", encoding="utf-8") as file:
        for whole, tags in sorted(by_whole.items()):
            own = set(whole.split())
            telling = sorted(
                tag for tag in tags if icons[tag] <= GENERIC * len(by_whole) and not set(tag.split()) <= own
            )
            if telling:
                file.write(f"{whole}\t{','.join(telling)}\n")


if __name__ == "__main__":
    main()
