"""SVG as people paste it: a data URI, a piece of a page, or source of React, Vue or Svelte."""

import json
import re
from base64 import b64decode
from urllib.parse import unquote_to_bytes

from icons.svg.allowed import ATTRIBUTES

_data_uri = re.compile(rb"\s*data:image/[a-z0-9.+-]+((?:;[^,;]{0,100})*),", re.IGNORECASE).match
_element = re.compile(r"<(?:\w+:)?svg[\s>/]", re.IGNORECASE).search
_end = re.compile(r"</(?:\w+:)?svg\s*>", re.IGNORECASE)
_style = re.compile(r"\bstyle=\{\{([^{}]*)\}\}")
_pair = re.compile(r"""['"]?([a-zA-Z-]+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|(-?[\d.]+))""").findall
_literal = re.compile(r"""=\{\s*(?:(-?[\d.]+)|'([^'{}]*)'|"([^"{}]*)"|`([^`{}$]*)`)\s*\}""")
_expression = re.compile(r"\s[\w:.@-]+=\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{\s*\.\.\.[^{}]*\}|\{/\*.*?\*/\}", re.DOTALL)
_directive = re.compile(r"""\s(?:[@#:]|v-|on:|class:|use:|bind:)[\w:.-]*=(?:"[^"]*"|'[^']*')""")
# Attributes as JSX spells them, and how SVG does.
FROM_JSX = {
    re.sub("-([a-z])", lambda match: match[1].upper(), name): name for name in ATTRIBUTES if "-" in name
} | {"className": "class", "xlinkHref": "xlink:href"}  # fmt: skip
_jsx_name = re.compile(rf"(?<=\s)(?:{'|'.join(sorted(FROM_JSX, key=len, reverse=True))})(?==)").sub


def content_of(data: bytes) -> bytes:
    """What a data URI holds; the bytes themselves where they are none, or not a valid one."""
    match = _data_uri(data[:1000])
    if match is None:
        return data
    text = unquote_to_bytes(data[match.end() :].strip())
    if b";base64" not in match[1].lower():
        return text
    try:
        return b64decode(b"".join(text.split()) + b"==")
    except ValueError:
        return data


def svg_in(text: str) -> str:
    """The first SVG in a text, in the spelling of SVG; the text itself where it is one, or holds none.

    >>> svg_in('<button><svg viewBox="0 0 9 9"><path strokeWidth={2} {...rest} d="M0 0"/></svg></button>')
    '<svg viewBox="0 0 9 9"><path stroke-width="2"  d="M0 0"/></svg>'
    """
    start = _element(text)
    if start is None:
        return text
    if "<?xml" in text[: start.start()] or "<!DOCTYPE svg" in text[: start.start()]:
        return text
    ends = [match.end() for match in _end.finditer(text, start.start())]
    text = text[start.start() : _closing(text, start.start(), ends)]
    if "={" in text or "{..." in text or "{/*" in text:
        text = _style.sub(lambda match: f"style={json.dumps(_css(match[1]))}", text)
        text = _literal.sub(lambda match: f'="{next(filter(None, match.groups()), "")}"', text)
        text = _expression.sub("", text)
    text = _directive.sub("", text)
    return _jsx_name(lambda match: FROM_JSX[match[0]], text)


def _closing(text: str, start: int, ends: list[int]) -> int:
    """Where the element that begins at `start` ends."""
    for end in ends:
        inside = text[start:end]
        opened = len(re.findall(r"<(?:\w+:)?svg[\s>]", inside, re.IGNORECASE))
        if opened <= len(_end.findall(inside)):
            return end
    return ends[-1] if ends else len(text)


def _css(pairs: str) -> str:
    """The declarations in an object of JavaScript."""
    declared = (
        (re.sub("([A-Z])", lambda match: f"-{match[1].lower()}", name), first or second or number)
        for name, first, second, number in _pair(pairs)
    )
    return ";".join(f"{name}:{value}" for name, value in declared)
