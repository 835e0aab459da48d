"""A scenario file with all the files it extends, and what the command line sets."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layers.documents.document import Document, FileRead
from layers.documents.files import NotReadable, ScenarioFile, find, read_text
from layers.documents.merging import merge
from layers.documents.overrides import apply_overrides
from layers.documents.tree import Node, Place, keys_of
from layers.documents.yaml_text import read_yaml
from layers.problems import Problem, dotted

LONGEST_CHAIN = 20


@dataclass(frozen=True)
class Mention:
    """A file named somewhere: by the user, or under `extends` in the last file of `chain`."""

    file: ScenarioFile
    place: Place
    path: str = ""
    chain: tuple[ScenarioFile, ...] = ()

    @property
    def key(self) -> str:
        """The file itself, whatever name leads to it."""
        return os.path.realpath(self.file.path)

    @property
    def is_circular(self) -> bool:
        """Whether the file is one of those that led here."""
        return self.key in [os.path.realpath(above.path) for above in self.chain]


class Reader:
    """Reads one scenario, keeping every problem and every file on the way."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        self.problems: list[Problem] = []
        self._files: dict[str, FileRead] = {}
        self._trees: dict[str, Node | None] = {}

    def document(self, sets: Sequence[str]) -> Document | None:
        """Return the document, also where parts of it are wrong; None where a file cannot be read at all."""
        try:
            root = find(self.asked)
        except NotReadable as why:
            self.problems.append(why.at(Place(self.asked or "(no name)", None)))
            return None
        tree = self._tree(Mention(root, Place(root.shown, None)))
        if tree is None:
            return None
        tree, wrong = apply_overrides(tree, sets)
        self.problems += wrong
        return Document(root.path.stem, tree, tuple(sorted(self._files.values())))

    def _tree(self, mention: Mention) -> Node | None:
        """Return a file laid on all it extends; None, reported, where one of them cannot be read."""
        if mention.is_circular:
            names = [file.shown for file in (*mention.chain, mention.file)]
            self._report(mention.place, mention.path, f"extends itself: {' → '.join(names)}")
            return None
        if len(mention.chain) >= LONGEST_CHAIN:
            self._report(mention.place, mention.path, "too many files in a row", f"at most {LONGEST_CHAIN}")
            return None
        if mention.key not in self._trees:
            self._trees[mention.key] = self._laid_on_bases(mention)
        return self._trees[mention.key]

    def _laid_on_bases(self, mention: Mention) -> Node | None:
        own = self._read(mention)
        if own is None:
            return None
        trees = [self._base(mention, name, path) for name, path in self._extends(own)]
        bases = [tree for tree in trees if tree is not None]
        if len(bases) < len(trees):
            return None
        merged = Node({}, own.place)
        for layer in [*bases, _without_extends(own)]:
            merged = merge(merged, layer)
        return merged

    def _base(self, mention: Mention, name: Node, path: str) -> Node | None:
        """Return the tree of the file that `extends` calls `name`; None, reported, where there is none."""
        chain = (*mention.chain, mention.file)
        try:
            file = find(str(name.content), asked_by=mention.file)
        except NotReadable as why:
            self._report(name.place, path, f"{name.content}: {why}", why.expected, why.suggestion)
            return None
        return self._tree(Mention(file, name.place, path, chain))

    def _extends(self, own: Node) -> Iterator[tuple[Node, str]]:
        """Yield each name under `extends` with its path; reports what is not a name."""
        named = keys_of(own).get("extends")
        if named is None:
            return
        names = named.content if isinstance(named.content, list) else [named]
        for position, name in enumerate(names):
            path = dotted(("extends", position)) if isinstance(named.content, list) else "extends"
            if isinstance(name.content, str):
                yield name, path
            else:
                self._report(name.place, path, "not the name of a file", "a path, or a list of paths")

    def _read(self, mention: Mention) -> Node | None:
        """Return the tree of one file alone, its problems noted; None where it has none."""
        source = mention.file.source((*mention.chain, mention.file)[0])
        try:
            text = read_text(mention.file)
        except NotReadable as why:
            self.problems.append(why.at(Place(source.file, None)))
            return None
        self._files[source.name] = FileRead(source.name, text.sha256)
        read = read_yaml(text.text, source)
        self.problems += read.problems
        if read.root is None:
            return None
        if not isinstance(read.root.content, dict):
            message = "is empty" if read.root.content is None else "is not a mapping"
            self._report(source.at(1), "", message, "keys and values")
            return None
        return Node(read.root.content, source.at(1))

    def _report(self, place: Place, path: str, message: str, expected: str = "", suggestion: str = "") -> None:
        self.problems.append(Problem(place.file, place.line, path, message, expected, suggestion))


def _without_extends(own: Node) -> Node:
    return Node({key: node for key, node in keys_of(own).items() if key != "extends"}, own.place)
