"""Checking a document against its model: every error of pydantic as a problem in plain English, at its line."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from layers.documents.document import Document
from layers.documents.expectations import expected_at, expected_key_at, keys_in
from layers.documents.tree import Node, own_key
from layers.documents.wording import is_wrong_type, worded
from layers.problems import DataPath, Fault, Faults, InputError, Problem, closest, dotted, one_of

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> Model:
    """Return the document as its model; raises InputError with every problem: file, line, path, what was expected."""
    made, problems = checked(document, model)
    if made is None:
        raise InputError(problems)
    return made


def checked(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """Return the document as its model and no problem, or None and every problem."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, _problems(document, model, error.errors(include_url=False))


def _problems(document: Document, model: type[BaseModel], errors: list[ErrorDetails]) -> list[Problem]:
    faults = [(error["type"], fault) for error in errors for fault in _faults(document, model, error)]
    parents = {fault.path[:end] for _, fault in faults for end in range(len(fault.path))}
    return [_placed(document, fault) for kind, fault in faults if not (is_wrong_type(kind) and fault.path in parents)]


def _placed(document: Document, fault: Fault) -> Problem:
    place = document.place(fault.path)
    return Problem(place.file, place.line, dotted(fault.path), fault.message, fault.expected, fault.suggestion)


def _faults(document: Document, model: type[BaseModel], error: ErrorDetails) -> Iterable[Fault]:
    """Return what one error of pydantic says, as faults at paths of the document."""
    path = _written_path(document.tree, error)
    raised = error.get("ctx", {}).get("error")
    if isinstance(raised, Faults):
        return [Fault((*path, *f.path), f.message, f.expected, f.suggestion) for f in raised.faults]
    if isinstance(raised, Exception):
        return [Fault(path, str(raised))]
    if error["type"] == "extra_forbidden":
        known = keys_in(expected_at(model, path[:-1], document.data))
        return [Fault(path, "unknown key", one_of(known), closest(path[-1], known))]
    if error["loc"][-1:] == ("[key]",):
        fault = worded(path, error, expected_key_at(model, path, document.data))
        return [replace(fault, message=f"as a key: {fault.message}")]
    return [worded(path, error, expected_at(model, path, document.data))]


def _written_path(tree: Node, error: ErrorDetails) -> DataPath:
    """Return where the error lies, without pydantic's own words for members of unions and for validators."""
    path: list[str | int] = []
    node = tree
    for key in error["loc"]:
        below = node.child(key)
        if below is not None:
            path.append(own_key(node, key))
            node = below
    return (*path, error["loc"][-1]) if error["type"] == "missing" else tuple(path)
