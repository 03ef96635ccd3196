"""What a template speaks of, and whether it can be read at all: for validation, before it runs."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from everyrun.workflows.templates.errors import Refused
from everyrun.workflows.templates.recognising import NamePath, Step, has_template, name_path

if TYPE_CHECKING:
    from jinja2 import nodes as jinja_nodes

NOT_ONE_EXPRESSION = "this is text around expressions: write one expression alone"

LONGEST_TEMPLATE = 100_000
"""Characters: reading takes a second or so for every 100,000, whatever they say."""

_IN_LOOPS_AND_MACROS = ("loop", "caller", "varargs", "kwargs")
_SPOKEN_OF = ("nodes", "inputs", "variables", "secrets")


class References(NamedTuple):
    """What templates mention: names, and the keys of those that have a meaning here.

    ``{{ nodes.fetch.output ~ inputs['day'] }}`` has the names ``nodes`` and ``inputs``, the node
    ``fetch`` and the input ``day``. A key that is computed (``nodes[item]``) is not known.
    """

    names: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()
    inputs: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()

    def __or__(self, other: "References") -> "References":
        return References(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


def references(value: Any, *, bare: bool = False) -> References:
    """What the templates anywhere in a value mention; what cannot be read mentions nothing.

    With ``bare`` text without braces is an expression.
    """
    found = References()
    for text in _templates_in(value, bare):
        found |= _references_of(paths_in(text))
    return found


def syntax_problem(text: str, *, bare: bool = False) -> str | None:
    """Why a template cannot be read, as a sentence; None where it can, and for other text.

    With ``bare`` it must be one expression, with braces or without.
    """
    if bare:
        return _problem_of_expression(text.strip())
    if not has_template(text) or name_path(text) is not None:
        return None
    return _look_into(text).problem


def paths_in(text: str) -> tuple[NamePath, ...]:
    """The names that a template mentions, each as far as its path is written out.

    Names that the template makes itself (``{% for row in … %}``) are left out.
    """
    path = name_path(text)
    if path is not None:
        return (path,)
    return _look_into(text if has_template(text) else braced(text)).paths


def braced(expression: str) -> str:
    """An expression as a template."""
    return "{{ " + expression.strip() + " }}"


def understood(text: str) -> "jinja_nodes.Template":
    """The syntax tree of a template. Raises :class:`Refused` with a sentence."""
    try:
        from everyrun.workflows.templates import environment
    except ImportError as error:
        raise Refused(f"this template needs Jinja2: install everyrun[server] ({error})") from error
    from jinja2 import TemplateSyntaxError

    if len(text) > LONGEST_TEMPLATE:
        raise Refused(f"this template has more than {LONGEST_TEMPLATE:,} characters")
    try:
        return environment.parse(text)
    except TemplateSyntaxError as error:
        where = f" in line {error.lineno}" if "\n" in text else ""
        raise Refused(f"this template cannot be read{where}: {error.message}") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise Refused(f"this template cannot be read: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise Refused("this template is nested too deeply") from error


class _Look(NamedTuple):
    """What there is to know of a template without running it."""

    paths: tuple[NamePath, ...]
    problem: str | None
    is_expression: bool


@lru_cache(maxsize=4096)
def _look_into(text: str) -> _Look:
    try:
        tree = understood(text)
    except Refused as error:
        return _Look((), str(error), is_expression=False)
    from everyrun.workflows.templates.environment import expression_in

    return _Look(tuple(_paths_of(tree)), None, expression_in(tree) is not None)


def _problem_of_expression(text: str) -> str | None:
    if not text:
        return "there is no expression"
    template = text if has_template(text) else braced(text)
    if name_path(template) is not None:
        return None
    look = _look_into(template)
    return look.problem or (None if look.is_expression else NOT_ONE_EXPRESSION)


def _templates_in(value: Any, bare: bool) -> Iterator[str]:
    if isinstance(value, str):
        if bare or has_template(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _templates_in(item, bare)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _templates_in(item, bare)


def _references_of(paths: tuple[NamePath, ...]) -> References:
    keys: dict[str, set[str]] = {name: set() for name in _SPOKEN_OF}
    for path in paths:
        if path.name in keys and path.steps:
            keys[path.name].add(str(path.steps[0].key))
    return References(
        frozenset(path.name for path in paths), **{name: frozenset(keys[name]) for name in keys}
    )


def _paths_of(tree: "jinja_nodes.Template") -> Iterator[NamePath]:
    from jinja2 import nodes

    from everyrun.workflows.templates.environment import sandbox

    found = list(tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name, nodes.Macro)))
    made = {*sandbox().globals, *_IN_LOOPS_AND_MACROS}
    made |= {node.name for node in found if isinstance(node, nodes.Macro)}
    made |= {node.name for node in found if isinstance(node, nodes.Name) and node.ctx != "load"}
    inner: set[int] = set()
    for node in found:
        if id(node) in inner:
            continue
        steps: list[Step] = []
        root: nodes.Node = node
        while isinstance(root, nodes.Getattr | nodes.Getitem):
            step = _step_of(root)
            # What follows a computed key belongs to no path that is known.
            steps = [] if step is None else [step, *steps]
            root = root.node
            inner.add(id(root))
        if isinstance(root, nodes.Name) and root.name not in made:
            yield NamePath(root.name, tuple(steps))


def _step_of(node: "jinja_nodes.Getattr | jinja_nodes.Getitem") -> Step | None:
    from jinja2 import nodes

    if isinstance(node, nodes.Getattr):
        return Step(node.attr, True)
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str | int):
        return Step(node.arg.value, False)
    return None
