"""A random mix of requests to the API of Iconify, always the same for a seed."""

from random import Random
from typing import Any
from urllib.parse import quote, urlencode

Json = dict[str, Any]
SIZES = ["16", "24", "1em", "2.5rem", "auto", "none", "unset", "48px", "10%", "calc(1em + 3px)", "0", "-3", 'a"b']
COLOURS = ["red", "#f00", "#abcdef80", "rgb(1, 2, 3)", "hsl(120, 50%, 50%)", "lab(50% 1 2)", "nonsense", "a'b", "none"]
TURNS = ["1", "2", "3", "5", "-1", "90deg", "180deg", "45deg", "25%", "75%", "1rad", "x", "1.5", ""]
FLIPS = ["horizontal", "vertical", "horizontal,vertical", "vertical horizontal", "none", ""]
YES_OR_NO = ["1", "0", "true", "false", "yes", "no", "x", ""]
SELECTORS = [".i-{name}", ".{prefix}-{name}", "i.{name}::before", ".{bad}", "", ".plain"]
CALLBACKS = ["cb", "a.b_c", "bad()", "", "SimpleSVG.x1"]
WORDS = ["palette=true", "palette:false", "style=fill", "style:stroke", "fill=true", "stroke:1", "style=x", "prefix=fa"]
WORDS += ["prefixes=fa*,jam", "prefix:octicon", "fa:home", "fa,jam:star", "a:b:c", "a=b=c", "-", "x", "ar", "ome"]


class Mix:
    """Random requests about these sets."""

    def __init__(self, sets: list[Json], seed: int) -> None:
        """The sets are Iconify JSON, the seed is any number."""
        self.random, self.sets = Random(seed), {data["prefix"]: data for data in sets}
        self.names = {
            prefix: [*data["icons"], *data.get("aliases", {}), *data.get("chars", {})]
            for prefix, data in self.sets.items()
        }

    def requests(self, count: int) -> list[str]:
        """So many paths with their queries."""
        makers = [self.icons, self.icons, self.svg, self.svg, self.css, self.css, self.collections, self.collection]
        makers += [self.listed, self.search, self.search, self.search, self.keywords, self.dates, self.odd]
        return [str(self.random.choice(makers)()) for _number in range(count)]

    def icons(self) -> str:
        """Icons as JSON."""
        prefix = self.prefix()
        ending = self.random.choice([".json", ".json", "/icons.json", ".js", "/icons.js"])
        query = {"icons": self.some_names(prefix)} if self.random.random() < 0.95 else {}
        return self.address(f"/{prefix}{ending}", {**query, **self.common()})

    def svg(self) -> str:
        """One icon as SVG."""
        prefix = self.prefix()
        separator = self.random.choice(["/", ":", "-"])
        options = {"width": SIZES, "height": SIZES, "color": COLOURS, "rotate": TURNS, "flip": FLIPS, "box": YES_OR_NO}
        return self.address(f"/{prefix}{separator}{self.name(prefix)}.svg", self.some(options | {"download": ["1"]}))

    def css(self) -> str:
        """Icons as a style sheet."""
        prefix = self.prefix()
        options = {"format": ["compact", "compressed", "expanded", "x"], "color": COLOURS, "download": ["1", ""]}
        options |= {"mode": ["mask", "background", "bg", "x"], "square": YES_OR_NO, "pseudo": YES_OR_NO}
        options |= dict.fromkeys(("selector", "common", "override", "iconSelector", "commonSelector"), SELECTORS)
        options |= {"var": ["icon", "", "null", "Bad", "no"], "varName": ["a-b", "false"], "forceSquare": YES_OR_NO}
        query = {"icons": self.some_names(prefix)} if self.random.random() < 0.95 else {}
        return self.address(f"/{prefix}.css", query | self.some(options, 0.25))

    def collections(self) -> str:
        """What is known of sets."""
        return self.address("/collections", self.prefixes() | self.common())

    def collection(self) -> str:
        """The names of a set."""
        query = {"prefix": self.prefix()} if self.random.random() < 0.95 else {}
        return self.address("/collection", query | self.some({"info": YES_OR_NO, "chars": YES_OR_NO}) | self.common())

    def listed(self) -> str:
        """The names of sets, as the first version of the API lists them."""
        path = self.random.choice(["/list-icons", "/list-icons-categorized"])
        options = {"info": YES_OR_NO, "chars": YES_OR_NO, "aliases": YES_OR_NO}
        return self.address(path, self.prefixes() | self.some(options) | self.common())

    def search(self) -> str:
        """A search by words."""
        words = [self.word() for _number in range(self.random.choice([1, 1, 1, 2, 2, 3]))]
        if self.random.random() < 0.25:
            words.append(self.random.choice(WORDS))
        joined = self.random.choice([" ", " ", " ", "-", "  "]).join(words)
        options = {
            "limit": ["1", "32", "100", "5000", "x", "0"],
            "min": ["40", "x"],
            "start": ["0", "5", "63", "-1", "x"],
        }
        options |= {"prefix": [self.prefix()], "prefixes": ["fa,jam", "fa-,oct-", "fa6-", "x"], "collection": ["jam"]}
        options |= {"category": ["Programming", "UI 24px", "x"], "similar": YES_OR_NO}
        query = {"query": joined} if self.random.random() < 0.97 else {}
        return self.address("/search", query | self.some(options, 0.12) | self.common())

    def keywords(self) -> str:
        """Words that begin or end so."""
        word = self.random.choice([self.word(), self.word()[:3], self.word()[-3:], "a", "Ar ", "arrow-le", "x y", "-"])
        key = self.random.choice(["prefix", "keyword", "keyword", "other"])
        return self.address("/keywords", {key: word} | self.common())

    def dates(self) -> str:
        """When sets have changed."""
        return self.address("/last-modified", self.prefixes() | self.common())

    def odd(self) -> str:
        """What is nothing that a client asks."""
        paths = ["/version", "/robots.txt", "/nothing", "/fa", "/fa/home", "/FA.json?icons=home", "/search/", "/x.svg"]
        paths += ["/fa_home.svg", "/fa/home.png", "/fa:home:x.svg", "/collections.json", "/-.json"]
        return self.random.choice(paths)

    def prefix(self) -> str:
        """A prefix that is mostly one of the sets'."""
        return str(self.random.choice([*sorted(self.sets) * 5, "none", "fa6"]))

    def name(self, prefix: str) -> str:
        """A name that the set mostly has."""
        names: list[str] = self.names.get(prefix, [])
        return (
            self.random.choice(names) if names and self.random.random() < 0.95 else self.random.choice(["no-icon", "x"])
        )

    def some_names(self, prefix: str) -> str:
        """A few names, which may have nothing between their commas."""
        names = [self.name(prefix) for _number in range(self.random.choice([1, 2, 3, 10, 40]))]
        return ",".join([*names, *([""] if self.random.random() < 0.05 else []), *names[: self.random.random() < 0.1]])

    def word(self) -> str:
        """A word of a name, or its beginning."""
        words = self.name(self.random.choice(sorted(self.sets))).split("-")
        word = self.random.choice(words)
        return word[: self.random.choice([2, 3, 99, 99, 99])]

    def prefixes(self) -> dict[str, str]:
        """Which sets are wanted; often all."""
        several = {
            "prefixes": ["fa,jam", "fa-", "fa6-,octicon", "o", "x-,y", "jam,,", "fa,fa6-solid,catppuccin,octicon"]
        }
        return self.some({"prefix": [self.prefix()], **several}, 0.4)

    def common(self) -> dict[str, str]:
        """Parameters of all answers with data."""
        return self.some({"pretty": YES_OR_NO, "callback": CALLBACKS}, 0.08)

    def some(self, options: dict[str, list[str]], share: float = 0.3) -> dict[str, str]:
        """A value for some of these parameters."""
        return {key: self.random.choice(values) for key, values in options.items() if self.random.random() < share}

    @staticmethod
    def address(path: str, query: dict[str, str]) -> str:
        """The path with its query."""
        return quote(path) + (f"?{urlencode(query)}" if query else "")
