"""The icons of synthetic pages: which are drawn, and where in its view box an icon has its ink."""

import re
from collections.abc import Sequence

import numpy as np

from bench.screenshots import BEFORE_OWN_ID
from training.library import SVG, Library, rasterised

SMALL_NAMES = re.compile(
    r"^(chevron|arrow|caret|close|x|cross|dots|ellipsis|grip|drag|menu|more|three|plus|check|minus|angle)(-|$)"
)
# Three dots or a grip, which lead to a menu at the end of a row, of a card or of a bar.
DOTS_NAMES = re.compile(
    r"^((outline|round|baseline|sharp)-)?(more-(vert|horiz).*|(dots|ellipsis|kebab|three-dots|menu-dots|dots-three|option|"
    r"overflow-menu)-?(v|h|vertical|horizontal)?(-.*)?|grip.*|drag-indicator|drag-handle|draggable)$"
)
# What leads each of the entries that a menu has below an entry.
BULLET_NAMES = re.compile(
    r"^((outline|round|baseline|sharp|regular|far|fa|ri|bx|cil)-)?(circle|dot|point|record|radio-button-unchecked|square|minus|"
    r"(small-)?dash|(chevron|angle|caret|arrow)(-small)?-right|disc|bullet|diamond)"
    r"(-(fill|filled|o|line|outline|outlined|small|s|bold|regular|light|thin|[0-9]+))*$"
)
# What pages show far more often than sets have it. A part of the icons is of these.
COMMON_NAMES = re.compile(
    r"^(ic-|icon-|i-)?(outline-|round-|baseline-|sharp-)?(user|users|person|people|account|profile|contact|group|team|search|"
    r"magnify|home|house|settings?|cog|gear|trash|delete|bin|pencil|edit|bell|notifications?|mail|envelope|inbox|heart|star|"
    r"bookmark|download|upload|share|calendar|clock|lock|eye|camera|photo|image|folder|file|document|phone|chat|message|cart|"
    r"shopping|filter|sort|refresh|sync|link|copy|save|print|logout|login|sign-out|sign-in|globe|info|help|warning|alert|"
    r"circle|square|moon|sun|cloud|map|pin|location|play|pause|list|grid|more|dots|ellipsis|menu|plus|minus|check|close|x)(-|$)"
)
COMMON_SHARE = 0.35  # of icons that are among these
SEEN = 64  # px: the side at which the extent of an icon's ink in its view box is told
START_TAG = '<svg class="i {}" data-i="{}" viewBox="{}" style="{{}}">'
STROKED = re.compile(r'stroke-width="(1|1\.25|1\.5|1\.75|2|2\.5)"')


class IconSource:
    """Draws icons for pages out of a library: most of a page's icons are of one set."""

    def __init__(self, library: Library, left_out: Sequence[str]) -> None:
        self.library = library
        self.by_set: dict[str, list[int]] = {}
        self.small: dict[str, list[int]] = {}
        self.common: dict[str, list[int]] = {}
        self.dots: dict[str, list[int]] = {}
        self.bullets: dict[str, list[int]] = {}
        named = (
            (self.small, SMALL_NAMES),
            (self.common, COMMON_NAMES),
            (self.dots, DOTS_NAMES),
            (self.bullets, BULLET_NAMES),
        )
        for index, icon in enumerate(library.ids):
            prefix, _, name = icon.partition(":")
            if prefix not in left_out:
                self.by_set.setdefault(prefix, []).append(index)
                for kind, names in named:
                    if names.match(name):
                        kind.setdefault(prefix, []).append(index)
        self.sets = sorted(self.by_set)
        self.plain_sets = sorted(prefix for prefix in self.small if len(self.small[prefix]) >= 8)
        self._extents: dict[int, tuple[float, float, float, float] | None] = {}

    def svg(self, index: int, number: int) -> str:
        """The start of an icon's `<svg>`, with {} for its style, and all of the rest; `number` tells it on its page."""
        view_box, content = self.library.source(index)
        kind = "stroked" if STROKED.search(content) and view_box.split()[2:] == ["24", "24"] else ""
        content = BEFORE_OWN_ID.sub(f"p{number}-", content).replace("{", "{{").replace("}", "}}")
        return START_TAG.format(kind, number, view_box) + content + "</svg>"

    def extent(self, index: int) -> tuple[float, float, float, float] | None:
        """Left, top, right, bottom of an icon's ink in shares of its view box's longer side; None if it is blank."""
        if index not in self._extents:
            self._extents[index] = self._measured(index)
        return self._extents[index]

    def _measured(self, index: int) -> tuple[float, float, float, float] | None:
        try:
            alpha = np.asarray(rasterised(SVG.format(*self.library.source(index)), SEEN))[..., 3]
        except Exception:  # whatever the rasteriser makes of a broken icon
            return None
        rows, columns = np.flatnonzero(alpha.max(axis=1) > 40), np.flatnonzero(alpha.max(axis=0) > 40)
        if not len(rows):
            return None
        return (columns[0] / SEEN, rows[0] / SEEN, (columns[-1] + 1) / SEEN, (rows[-1] + 1) / SEEN)
