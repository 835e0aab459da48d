"""What an unquoted YAML word means, by the core schema of YAML 1.2: NO and 09:30 and 2018-04-01 are text."""

import math
import re

from layers.documents.tree import Scalar

WIDEST_INTEGER = 2**63
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_INTEGER = 40


def meaning(word: str) -> Scalar:
    """Return null, true, false, a number or text; raises ValueError for a number that is not finite or is too large."""
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(word):
        return _integer(word, 10)
    if _OTHER_BASE.fullmatch(word):
        return _integer(word, 0)
    if _NOT_FINITE.fullmatch(word):
        raise ValueError(f"{word} is not a finite number")
    return _float(word) if _FLOAT.fullmatch(word) else word


def _integer(word: str, base: int) -> int:
    number = int(word, base) if len(word) <= _LONGEST_INTEGER else WIDEST_INTEGER
    if abs(number) >= WIDEST_INTEGER:
        raise ValueError(f"the number {word[:20]}… is too large")
    return number


def _float(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(f"the number {word[:20]} is too large")
    return number
