"""How JavaScript writes numbers, orders the keys of objects and reads parameters, where answers depend on it."""

import json
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

LARGEST_INDEX = 2**32 - 2  # keys that are whole numbers up to this come first in an object, in their order
TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once, as making it takes time
LEADING_INTEGER = re.compile(r"\s*([+-]?\d+)", re.ASCII)
LEADING_FLOAT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)


def number_text(number: float) -> str:
    """The shortest text of a number, as JavaScript writes it.

    >>> number_text(24.0), number_text(0.1), number_text(1e21), number_text(1e-7), number_text(-0.0)
    ('24', '0.1', '1e+21', '1e-7', '0')
    """
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if math.isnan(number):
        return "NaN"
    if abs(number) < 2**53 and number == int(number):  # most are whole, and this is the fastest way
        return str(int(number))
    if 1e-6 <= abs(number) < 1e21:
        return format(Decimal(repr(float(number))), "f").removesuffix(".0")
    mantissa, _, exponent = repr(float(number)).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


def plain_number(number: float) -> float:
    """The number as JSON is to have it: whole ones without a point."""
    return int(number) if float(number).is_integer() else number


def ordered_keys(keys: Iterable[str]) -> list[str]:
    """The keys of an object in the order in which JavaScript goes through them.

    >>> ordered_keys(["b", "10", "a", "9", "007"])
    ['9', '10', 'b', 'a', '007']
    """
    numbers, others = list[str](), list[str]()
    for key in keys:
        (numbers if _is_index(key) else others).append(key)
    return sorted(numbers, key=int) + others


def _is_index(key: str) -> bool:
    return key.isdecimal() and key.isascii() and (key == "0" or key[0] != "0") and int(key[:11]) <= LARGEST_INDEX


def truth(value: str | None) -> bool | None:
    """What a parameter says: yes, no, or neither."""
    return True if value in TRUE else False if value in FALSE else None


def integer(text: str) -> int | None:
    """The whole number that a text begins with, as parseInt reads it; None where it begins with none."""
    match = LEADING_INTEGER.match(text)
    return int(match[1][:30]) if match else None


def real(text: str) -> float | None:
    """The number that a text begins with, as parseFloat reads it; None where it begins with none."""
    match = LEADING_FLOAT.match(text)
    return float(match[1]) if match else None


def as_data(value: Any) -> str:
    """JSON as JSON.stringify writes it, without spaces."""
    return _encode(value)
