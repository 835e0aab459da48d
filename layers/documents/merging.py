"""One tree over another: mappings merge, lists and scalars replace, null removes, a number keeps its assumption."""

from dataclasses import replace

from layers.assumption import Assumption
from layers.documents.tree import Key, Node, is_number, keys_of

_KEYS = frozenset(Assumption.model_fields)
_RANGE = ("low", "high")


def merge(base: Node, over: Node) -> Node:
    """Return `over` laid on `base`; neither is changed.

    A bare number over an assumption, and some keys of one over an assumption or a bare number, keep the rest of it.
    An assumption and a mapping of another kind replace each other.
    """
    if is_number(over.content) and "value" in keys_of(base):
        return _revalued(base, Node({"value": over}, over.place))
    if not isinstance(over.content, dict):
        return over
    if is_number(base.content) and _is_part_of_assumption(over) and "value" not in over.content:
        return _merged(Node({"value": base}, base.place), over)
    if not isinstance(base.content, dict) or _are_different_kinds(base, over):
        return over
    return _revalued(base, over) if _is_assumption(base) and "value" in over.content else _merged(base, over)


def put(base: Node, key: Key, value: Node) -> Node:
    """Return `base`, a mapping or a bare number, with `value` laid on what it has at `key`, and its own place kept."""
    if is_number(base.content):
        base = Node({"value": base}, base.place)
    over = Node({key: value}, base.place)
    return _revalued(base, over) if _is_assumption(base) and key == "value" else _merged(base, over)


def _is_part_of_assumption(node: Node) -> bool:
    return isinstance(node.content, dict) and bool(node.content) and _KEYS.issuperset(node.content)


def _is_assumption(node: Node) -> bool:
    return "value" in keys_of(node) and _is_part_of_assumption(node)


def _are_different_kinds(base: Node, over: Node) -> bool:
    """Whether one is an assumption and the other a mapping that no assumption can take in (a split, say)."""
    if _is_assumption(base):
        return bool(over.content) and not _is_part_of_assumption(over)
    return _is_assumption(over) and "value" not in keys_of(base) and not _is_part_of_assumption(base)


def _revalued(base: Node, over: Node) -> Node:
    """Return an assumption with a new value, a note of where it was set, and without a range that excludes it."""
    value = keys_of(over)["value"]
    if not is_number(value.content):
        return _merged(base, over)
    inherited = {end: node for end, node in keys_of(base).items() if end in _RANGE and end not in keys_of(over)}
    dropped = inherited if any(_excludes(str(end), node, value) for end, node in inherited.items()) else {}
    kept = {key: node for key, node in keys_of(base).items() if key not in dropped}
    note = Node(f"set {value.place}", value.place)
    return _merged(Node(kept, base.place), Node({"note": note, **keys_of(over)}, over.place))


def _excludes(end: str, bound: Node, value: Node) -> bool:
    """Whether the `low` or `high` end of a range leaves the value out; an end that is no number leaves nothing out."""
    edge, number = bound.content, value.content
    if not isinstance(edge, int | float) or not isinstance(number, int | float):
        return False
    return edge > number if end == "low" else edge < number


def _merged(base: Node, over: Node) -> Node:
    """Return two mappings as one, key by key; the keys of `base` come first."""
    content: dict[Key, Node] = dict(keys_of(base))
    for key, node in keys_of(over).items():
        if key not in content:
            content[key] = node
        elif node.content is None:
            del content[key]
        else:
            content[key] = merge(content[key], node)
    merged = replace(over, content=content)
    return without_stale_ranges(merged) if "values" in keys_of(over) else merged


def without_stale_ranges(split: Node) -> Node:
    """Return a split without the ends of ranges that leave out the value they belong to; anything else as it is."""
    content = dict(keys_of(split))
    if "by" not in content or "values" not in content:
        return split
    values = keys_of(content["values"])
    for end in _RANGE:
        bounds = keys_of(content[end]) if end in content else {}
        kept = {
            name: edge for name, edge in bounds.items() if name not in values or not _excludes(end, edge, values[name])
        }
        if kept != bounds:
            content[end] = replace(content[end], content=kept)
    return replace(split, content=content)
