"""`--set path=value`: one value of a scenario changed from the command line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layers.documents.merging import merge, put, without_stale_ranges
from layers.documents.tree import Node, Source, is_number, keys_of, own_key
from layers.documents.yaml_text import read_yaml
from layers.problems import Problem, closest, dotted, one_of

COMMAND_LINE = Source("--set", "--set", has_lines=False)


@dataclass(frozen=True)
class Override:
    """A place in the scenario, as dotted text was split, and the value it gets."""

    path: tuple[str, ...]
    value: Node


def apply_overrides(root: Node, sets: Sequence[str]) -> tuple[Node, list[Problem]]:
    """Return the tree with each `path=value` laid on in turn, and the problems of those that could not be."""
    problems: list[Problem] = []
    for text in sets:
        try:
            override = _parse(text)
            root = _put(root, override, 0)
        except _Wrong as wrong:
            problems += wrong.problems
    return root, problems


class _Wrong(Exception):
    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


def _parse(text: str) -> Override:
    left, equals, right = text.partition("=")
    path = tuple(part.strip() for part in left.split("."))
    if not equals or not all(path) or not right.strip():
        raise _Wrong(Problem("--set", None, "", f"{text!r} sets nothing", "path=value, such as demand.growth=0.02"))
    read = read_yaml(right, COMMAND_LINE, path)
    if read.root is None or read.problems:
        raise _Wrong(*read.problems)
    return Override(path, read.root)


def _put(node: Node, override: Override, depth: int) -> Node:
    """Return the node with the override laid on; `depth` keys of its path lead here."""
    key = override.path[depth]
    below = node.child(key)
    value = override.value
    if depth + 1 < len(override.path):
        if below is None:
            raise _Wrong(_no_such_key(node, override, depth))
        value = _put(below, override, depth + 1)
        return _with_child(node, key, value)
    if isinstance(node.content, list) and below is not None:
        return _with_child(node, key, merge(below, value))
    if not isinstance(node.content, dict) and not is_number(node.content):
        raise _Wrong(_no_such_key(node, override, depth))
    return put(node, own_key(node, key), value)


def _with_child(node: Node, key: str, child: Node) -> Node:
    """Return a mapping or list with one child replaced, in the same place."""
    if isinstance(node.content, list):
        return replace(node, content=[child if str(i) == key else item for i, item in enumerate(node.content)])
    changed = replace(node, content={**keys_of(node), own_key(node, key): child})
    return without_stale_ranges(changed) if key == "values" else changed


def _no_such_key(node: Node, override: Override, depth: int) -> Problem:
    known = range(len(node.content)) if isinstance(node.content, list) else keys_of(node)
    parent = dotted(override.path[:depth]) or "the scenario"
    key = override.path[depth]
    expected = one_of(known) if known else ""
    return Problem("--set", None, dotted(override.path), f"{parent} has no {key!r}", expected, closest(key, known))
