"""What the YAML parser could not read, as a problem in plain words at its line."""

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from layers.documents.tree import Source
from layers.problems import DataPath, Problem, dotted

_IN_PLAIN_WORDS = {
    "mapping values are not allowed here": "a ':' where no key can be: check the indent, or put the text in quotes",
    "found unexpected end of stream": "the text ends too early",
}


def syntax_problem(error: YAMLError, text: str, source: Source, path: DataPath) -> Problem:
    """Return what the parser could not read as a problem at its line."""
    line, message = 1, f"not YAML: {error}".split("\n", 1)[0]
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        message = f"not YAML: the character U+{error.character:04X} is not allowed"
    elif isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        line, message = error.problem_mark.line + 1, f"not YAML: {_explained(error)}"
    return Problem(source.file, source.at(line).line, dotted(path), message)


def _explained(error: MarkedYAMLError) -> str:
    """Say what the parser says; a tab and the commonest mistakes in plain words, with the line where it all began."""
    said = str(error.problem).split("\n", 1)[0]
    if "'\\t'" in said:
        return "a tab where only spaces may stand"
    began = ""
    if error.context and error.context_mark is not None and error.context_mark.line != error.problem_mark.line:
        began = f" ({error.context} that starts on line {error.context_mark.line + 1})"
    return _IN_PLAIN_WORDS.get(said, said) + began
