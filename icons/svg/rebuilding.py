"""Rebuilding a drawing in its plain form, element by element, from the allow-lists."""

import math
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from icons.svg.allowed import ANIMATED, ANIMATIONS, ELEMENTS, ROOT_ATTRIBUTES, SHAPES, safe_id
from icons.svg.animations import rest
from icons.svg.attributes import Attributes, put_last, read_attributes
from icons.svg.dashes import resolve_path_length
from icons.svg.frames import background, root_frame
from icons.svg.lengths import Context
from icons.svg.lost import Bitmaps, image_box, kept_bitmap, placeholder, remove_lost, text_box
from icons.svg.placing import clip_to_shape, root_transform, transform_of
from icons.svg.reading import Reader, svg_name
from icons.svg.styles import read_styles
from icons.svg.viewports import inner_svg, symbol, use

HIDEABLE = frozenset(
    {"g", "svg", "a", "switch", "defs"}
)  # containers; what they hold may be shown by a reference all the same
UNKNOWN = Context(math.nan, math.nan)  # while the size of the drawing is not known, there are no percentages
IN_PER_CENT = re.compile("%").search
UNDISPLAYED = frozenset(
    {"linearGradient", "radialGradient", "pattern", "mask", "clipPath"}
)  # nothing can refer to them
MAX_COPIES = 50  # of inner <svg>, each made for a <use> that gives it another size
CONDITIONAL = SHAPES | {"g", "svg", "a", "use", "switch"}  # what a browser in another language leaves out
ROOT_EFFECTS = ("clip-path", "mask", "filter")
WITH_OVERFLOW = frozenset({"marker", "pattern"})  # what an author may let draw beyond its edges


class Rebuilder:
    """Rebuilds the drawing of a reader."""

    def __init__(self, reader: Reader, bitmaps: Bitmaps, drop_lost: bool = False) -> None:
        """With `drop_lost`, what would be lost is not refused.

        Raises ValidationError where the styles are too costly to match.
        """
        self.source, self.bitmaps, self.drop_lost = reader.root, bitmaps, drop_lost
        self.styles = read_styles(reader)
        self.targets: dict[str, Element] = {}  # the elements rebuilt so far, by id; of equal ids the first
        self.animations: list[Element] = []
        self.animated: list[Element] = []  # elements with animations in them
        self.has_lost = False
        self._by_id: dict[str, Element] | None = None
        self._made_ids = self._copies = 0
        self._was_placed = False  # whether any element got attributes after it was rebuilt

    def root(self) -> Element:
        """The root of the plain form, whose attributes are those that its contents inherit. Sets `view_box`.

        Raises ValidationError where the drawing needs what is not allowed.
        """
        source = self.source
        attributes = read_attributes(source, "svg", self.styles, replace(UNKNOWN, variables=self.styles.initial))
        framed = Element("svg", source.attrib | {k: v for k, v in attributes.own.items() if k in ("width", "height")})
        self.view_box, stretch = root_frame(framed)
        shown = self.view_box
        if attributes.extras or source in self.styles.rules or any(map(IN_PER_CENT, source.attrib.values())):
            context = Context(shown.width, shown.height, variables=self.styles.initial)
            attributes = read_attributes(source, "svg", self.styles, context)
        context = attributes.context
        context = replace(context, width=shown.width, height=shown.height, rem=context.em)
        own = {name: value for name, value in attributes.own.items() if name in ROOT_ATTRIBUTES}
        root = self.created("svg", own)
        root.attrib.pop("display", None)
        self._fill(root, source, context)
        effects = {name: root.attrib.pop(name) for name in ROOT_EFFECTS if name in root.attrib}
        if effects:  # rasterisers do not know them there
            group = Element("g", effects)
            group.extend(root)
            root[:] = [group]
        turned = root_transform(attributes.extras, context, shown, attributes.own.get("transform", ""))
        for transform in filter(None, (stretch, turned)):
            group = Element("g", {"transform": transform})
            group.extend(root)
            root[:] = [group]
        ground = background(attributes.extras.get("background", ""), shown)
        if ground is not None:
            root.insert(0, ground)
        if self.animated:
            self._join_animations(root)
            rest(root, self.animated, self.animations)
        if self.has_lost:
            remove_lost(root, shown, refuse_seen=not self.drop_lost)
        if self._was_placed or self.animated:
            for element in root.iter():
                put_last(element.attrib)
        return root

    def _join_animations(self, root: Element) -> None:
        """Move animations that refer to an element elsewhere into it, as most authors write them."""
        elsewhere = [animation for animation in self.animations if "href" in animation.attrib]
        parents = {child: parent for parent in root.iter() for child in parent} if elsewhere else {}
        for animation in elsewhere:
            target = self.targets.get(animation.attrib["href"][1:])
            parent = parents.get(animation)
            if target is not None and parent is not None and target is not parent and target in parents:
                parent.remove(animation)
                target.append(animation)
                del animation.attrib["href"]
                self.animated.append(target)
        self.animated = list(dict.fromkeys(self.animated))

    def make_id(self, word: str) -> str:
        """An id that no element of the source has."""
        self._was_placed = True
        while True:
            self._made_ids += 1
            new = f"{word}-{self._made_ids}"
            if new not in self.sources:
                return new

    def copied(self, source: Element, attributes: dict[str, str]) -> Element | None:
        """A copy of an element of the source with these attributes more, and no id; None after too many copies."""
        self._copies += 1
        if self._copies > MAX_COPIES:
            return None
        own = {name: value for name, value in source.attrib.items() if name != "id"}
        copy = Element(source.tag, own | attributes)
        copy.extend(source)
        if source in self.styles.rules:
            self.styles.rules[copy] = self.styles.rules[source]
        return copy

    @property
    def sources(self) -> dict[str, Element]:
        """The elements of the source by id, as references write it; of equal ids the first."""
        if self._by_id is None:
            self._by_id = {}
            for element in self.source.iter():
                if "id" in element.attrib:
                    self._by_id.setdefault(safe_id(element.attrib["id"]), element)
        return self._by_id

    def rebuild(self, source: Element, context: Context) -> list[Element]:
        """What stands for an element of the source in the plain form: mostly one element, or none."""
        name = svg_name(source.tag)
        if name is None:
            return []
        if name not in ELEMENTS:
            return self._lost(source, context)
        if name in CONDITIONAL and not _passes(source):
            return []
        attributes = read_attributes(source, name, self.styles, context)
        if "display" in attributes.own:
            if _is_hidden(attributes, source, name):
                return []
            if attributes.own.pop("display") == "none" and name in HIDEABLE:
                return self.finished(self.created("defs", attributes.own), source, attributes)
        if name == "svg":
            return inner_svg(self, source, attributes, context)
        if name == "symbol":
            return symbol(self, source, attributes)
        if name == "use":
            return use(self, source, attributes, context)
        if name == "switch":
            return self._switched(source, attributes)
        return self.finished(self.created("g" if name == "a" else name, attributes.own), source, attributes)

    def finished(self, element: Element, source: Element, attributes: Attributes) -> list[Element]:
        """The element with its rebuilt contents, and with what depends on them."""
        if len(source):
            self._fill(element, source, attributes.context)
        own = element.attrib
        if "pathLength" in own:
            resolve_path_length(element, attributes.context)
        if "overflow" in own and element.tag not in WITH_OVERFLOW:
            del own["overflow"]
        if element.tag in ANIMATIONS:
            self.animations.append(element)
        if not attributes.extras:
            return [element]
        self._was_placed = True
        transform_of(element, attributes, self.targets)
        return clip_to_shape(element, attributes, self)

    def _fill(self, element: Element, source: Element, context: Context) -> None:
        """Add the rebuilt contents of `source`."""
        for child in source:
            if child.tag in ANIMATIONS:
                if child.tag == "animateMotion" or child.get("attributeName") in ANIMATED:
                    element.extend(self.rebuild(child, context))
                    if not self.animated or self.animated[-1] is not element:
                        self.animated.append(element)
            else:
                rebuilt = self.rebuild(child, context)
                in_definitions = element.tag == "defs" and child.tag == "symbol"
                element.extend(rebuilt[0] if in_definitions and rebuilt else rebuilt)

    def created(self, name: str, own: dict[str, str]) -> Element:
        """A new element of the plain form. It loses its id if an element before it has the same."""
        element = Element(name, own)
        if "id" in own and self.targets.setdefault(own["id"], element) is not element:
            del element.attrib["id"]
        return element

    def _switched(self, source: Element, attributes: Attributes) -> list[Element]:
        """A group with the first child of a <switch> that a browser shows and that can be drawn."""
        children = [child for child in source if svg_name(child.tag) is not None and _passes(child)]
        drawable = [child for child in children if child.tag in ELEMENTS] or children
        group = Element("switch", source.attrib)
        group.extend(drawable[:1])
        done = self.finished(self.created("g", attributes.own), group, attributes)
        return done if attributes.own or len(done) > 1 else [*done[0]]

    def _lost(self, source: Element, context: Context) -> list[Element]:
        attributes = read_attributes(source, source.tag, self.styles, context)
        own = attributes.own
        if own.get("display") == "none" or (source.tag == "image" and self.bitmaps is Bitmaps.DROP):
            return []
        box = image_box(own) if source.tag == "image" else None
        if source.tag == "text":
            parts = [read_attributes(part, part.tag, self.styles, attributes.context) for part in source.iter()]
            box = text_box(source, max(part.context.em for part in parts))
        own = {name: value for name, value in own.items() if name != "href"}
        bitmap = kept_bitmap(source, own) if source.tag == "image" and self.bitmaps is Bitmaps.KEEP else None
        if box is not None and not attributes.extras:
            own["box"] = " ".join(map(str, box))
        element = placeholder(source, own) if bitmap is None else bitmap
        if element is None:
            return []
        self.has_lost = True
        return [self.created(element.tag, element.attrib)]


def _is_hidden(attributes: Attributes, source: Element, name: str) -> bool:
    """Whether an element, and all that is in it, can be left out since it is never displayed.

    The contents of a container may still be referred to.
    """
    if attributes.own["display"] != "none":
        return False
    if name in HIDEABLE:
        return not any("id" in element.attrib for element in source.iter() if element is not source)
    return name in SHAPES or name == "use" or name in UNDISPLAYED


def _passes(child: Element) -> bool:
    """Whether a browser in English, without extensions, takes this child of a <switch>."""
    languages = child.get("systemLanguage")
    if languages is None and "requiredExtensions" not in child.attrib:
        return True
    spoken = languages is None or any(word.strip()[:2].lower() == "en" for word in languages.split(","))
    return spoken and not child.get("requiredExtensions", "").strip()
