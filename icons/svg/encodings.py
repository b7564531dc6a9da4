"""From the bytes of a file to the text of an SVG: compressed or not, in whatever encoding it declares."""

import codecs
import re
import zlib

from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.limits import refuse, refuse_bytes

GZIP = b"\x1f\x8b"
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
UNMARKED_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
# The Python names of the encodings that a declaration may name. All of them keep ASCII as it is.
DECLARABLE = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|gb2312|gbk|gb18030|big5|cp950|shift_jis|cp932|euc_jp|euc_kr"
)
_declared = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})").match


def decode(raw: str | bytes) -> str:
    """The text without a byte order mark and spaces around it; what gzip compressed (.svgz) is unpacked.

    Raises ValidationError where it has more than SVG_MAX_BYTES bytes, or cannot be unpacked. Bytes that the declared
    encoding does not know become replacement characters: they stand in titles, and nobody sees them.
    """
    if len(raw) > settings.SVG_MAX_BYTES:
        refuse_bytes()
    if isinstance(raw, bytes):
        text = _text(_unpacked(raw) if raw.startswith(GZIP) else raw)
    else:
        text = raw
        try:
            if not raw.isascii() and len(raw.encode()) > settings.SVG_MAX_BYTES:
                refuse_bytes()
        except UnicodeError:
            refuse(_("The SVG is not UTF-8 text."))
    return text.strip("\ufeff \t\r\n")


def _unpacked(data: bytes) -> bytes:
    decompressor = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = decompressor.decompress(data, settings.SVG_MAX_BYTES + 1)
    except zlib.error:
        unpacked = b""
    if len(unpacked) > settings.SVG_MAX_BYTES:
        refuse_bytes()
    if not decompressor.eof:
        refuse(_("The SVG is compressed, and the compressed file is damaged."))
    return unpacked


def _text(data: bytes) -> str:
    for mark, encoding in (*MARKS, *UNMARKED_UTF16):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        encoding = codecs.lookup((_declared(data) or (b"", b"utf-8"))[1].decode("ascii")).name
    except LookupError:
        encoding = ""
    if DECLARABLE.fullmatch(encoding) and encoding != "utf-8":
        return data.decode("gb18030" if encoding in ("gb2312", "gbk") else encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        # Old tools on Windows declare nothing. What draws is ASCII, which Latin-1 reads in any such file.
        return data.decode("latin-1")
