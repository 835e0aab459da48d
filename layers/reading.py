"""Reading a scenario: its file, the files it extends, what the command line sets; then checking it against a model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from layers.documents.document import Document, FileRead
from layers.documents.extending import Reader
from layers.documents.overrides import apply_overrides
from layers.documents.validation import checked, validate
from layers.problems import InputError

__all__ = ["Document", "FileRead", "read_as", "read_document", "validate", "with_sets"]

Model = TypeVar("Model", bound=BaseModel)


def read_document(name_or_path: str, sets: Sequence[str] = ()) -> Document:
    """Read the scenario at a path, else the shipped one of that name, with each `path=value` of `sets` laid on.

    Raises InputError with every problem found in all the files read.
    """
    reader = Reader(name_or_path)
    document = reader.document(sets)
    if document is None or reader.problems:
        raise InputError(reader.problems)
    return document


def with_sets(document: Document, sets: Sequence[str]) -> Document:
    """A document already read with each `path=value` laid on, no file opened again; raises InputError."""
    tree, problems = apply_overrides(document.tree, sets)
    if problems:
        raise InputError(problems)
    return replace(document, tree=tree)


def read_as(name_or_path: str, model: type[Model], sets: Sequence[str] = ()) -> tuple[Document, Model]:
    """Read a scenario and check it against its model; raises InputError with the problems of both steps at once."""
    reader = Reader(name_or_path)
    document = reader.document(sets)
    if document is None:
        raise InputError(reader.problems)
    made, wrong = checked(document, model)
    known = {(problem.file, problem.path) for problem in reader.problems}
    problems = [*reader.problems, *(problem for problem in wrong if (problem.file, problem.path) not in known)]
    if made is None or problems:
        raise InputError(problems)
    return document, made
