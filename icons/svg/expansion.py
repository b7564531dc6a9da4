"""Expansion: how large a drawing is once every reference in it is followed."""

from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.allowed import ANIMATIONS, GRADIENTS, INHERITED, SHAPES, references
from icons.svg.limits import refuse, refuse_depth, refuse_elements
from icons.svg.view_box import NUMBER


class Expansion:
    """How many elements a drawing draws, and how deep they nest, once every reference is followed.

    The drawing is a graph whose vertices are its elements and its ids; an id stands for all elements that have it.
    `done` holds for each vertex the elements drawn, the corners of paths, and the height in levels. Corners count
    because a marker may be drawn at each.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.targets: dict[str, list[Element]] = {}
        self.inherited: dict[Element, dict[str, list[str]]] = {}
        self.done: dict[Element | str, tuple[int, int, int]] = {}
        self._inherit(root, {})

    def _inherit(self, element: Element, paints: dict[str, list[str]]) -> None:
        """Note which ids paint each element: a pattern on a group is drawn for each shape in it."""
        own = {name: references(element.attrib[name])[:1] for name in INHERITED if name in element.attrib}
        self.inherited[element] = paints = paints | own if own else paints
        if "id" in element.attrib:
            self.targets.setdefault(element.attrib["id"], []).append(element)
        for child in element:
            self._inherit(child, paints)

    def check(self) -> None:
        """Raise ValidationError where the drawing refers to itself, draws too many elements, or nests too deep."""
        # Depth first, but without recursion, since a chain of references is as long as its author likes.
        stack: list[Element | str] = [self.root]
        entered: set[Element | str] = set()
        while stack:
            vertex = stack[-1]
            waiting = [] if vertex in self.done else [v for v in self._follow(vertex) if v not in self.done]
            if entered.intersection(waiting):
                refuse(_("The SVG contains elements that refer to themselves."))
            if waiting:
                entered.add(vertex)
                stack.extend(waiting)
                continue
            self.done[stack.pop()] = self._measure(vertex)

    def _follow(self, vertex: Element | str) -> list[Element | str]:
        if isinstance(vertex, str):
            return [*self.targets.get(vertex, [])]
        painted = self._paints(vertex, "fill", "stroke") + self._markers(vertex)
        return [*vertex, *self._links(vertex), *painted]

    def _links(self, element: Element) -> list[str]:
        """The ids that are drawn once with the element: the target of <use>, masks, clips and filters."""
        values = (value for name, value in element.attrib.items() if name not in INHERITED)
        links = [link for value in values if "url(#" in value for link in references(value)]
        if "href" in element.attrib and element.tag not in ANIMATIONS and element.tag != "mpath":
            links.append(element.attrib["href"][1:])
        return links

    def _paints(self, element: Element, *names: str) -> list[str]:
        if element.tag not in SHAPES and element.tag != "use":
            return []
        return [link for name in names for link in self.inherited[element].get(name, [])]

    def _markers(self, element: Element) -> list[str]:
        return self._paints(element, "marker-start", "marker-mid", "marker-end")

    def _measure(self, vertex: Element | str) -> tuple[int, int, int]:
        below = [self.done[following] for following in self._follow(vertex)]
        height = max((deep for _, _, deep in below), default=0)
        if isinstance(vertex, str):
            return sum(cost for cost, _, _ in below), sum(corners for _, corners, _ in below), height
        inside = [self.done[following] for following in [*vertex, *self._links(vertex)]]
        corners = len(NUMBER.findall(vertex.get("d", "") or vertex.get("points", "")))
        corners += sum(corner for _, corner, _ in inside)
        cost = (vertex.tag not in GRADIENTS) + sum(cost for cost, _, _ in inside)
        cost *= 1 + sum(self.done[paint][0] for paint in self._paints(vertex, "fill", "stroke"))
        cost += corners * sum(self.done[marker][0] for marker in self._markers(vertex))
        if height + 1 > settings.SVG_MAX_DEPTH:
            refuse_depth()
        if cost > settings.SVG_MAX_ELEMENTS:
            refuse_elements()
        return cost, corners, height + 1
