"""From a template's text to a function that renders it."""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TYPE_CHECKING, Any

from everyrun.workflows.templates.errors import Refused
from everyrun.workflows.templates.mentioning import braced, syntax_problem, understood
from everyrun.workflows.templates.missing import first_missing
from everyrun.workflows.templates.reading import MISSING, is_method, read_step
from everyrun.workflows.templates.recognising import NamePath, has_template, name_path
from everyrun.workflows.templates.secret_names import Secrets

if TYPE_CHECKING:
    from jinja2 import nodes

Names = Mapping[str, Any]
Renderer = Callable[[Names], Any]

_PLAIN = frozenset((str, int, float, bool, type(None), dict, list))
_LISTED = (Iterator, range, KeysView, ValuesView, ItemsView)


def compile_template(text: str) -> Renderer:
    """A function from names to what the template gives. Raises :class:`Refused`."""
    path = name_path(text)
    if path is not None:
        return _reader_of(path)
    tree = understood(text)
    from everyrun.workflows.templates.environment import expression_in

    expression = expression_in(tree)
    return _renderer_of(tree) if expression is None else _valuer_of(expression)


def compile_expression(text: str) -> Renderer:
    """The same of one expression, with braces or without. Raises :class:`Refused`."""
    problem = syntax_problem(text, bare=True)
    if problem is not None:
        raise Refused(problem)
    return compile_template(text.strip() if has_template(text) else braced(text))


def _reader_of(path: NamePath) -> Renderer:
    name, steps = path

    def read(names: Names) -> Any:
        value = names.get(name, MISSING)
        for step in steps:
            if value is MISSING:
                break
            value = read_step(value, step)
        if value is MISSING and (absent := first_missing(names, path)):
            raise absent
        return value if type(value) in _PLAIN else _as_value(value)

    return read


def _valuer_of(expression: "nodes.Expr") -> Renderer:
    from everyrun.workflows.templates import environment
    from everyrun.workflows.templates.environment import RESULT, Nothing

    depth = _depth_to_search(expression)
    template = environment.compile_value(expression)

    def value_of(names: Names) -> Any:
        context = environment.context_of(template, names)
        for _ in template.root_render_func(context):
            pass
        value = context.vars[RESULT]
        if isinstance(value, Nothing):
            value.fail()
        if type(value) not in _PLAIN:
            environment.refuse_function(value)
            value = _as_value(value)
        if depth:
            _refuse_nothing(value, depth)
        return value

    return value_of


def _renderer_of(tree: "nodes.Template") -> Renderer:
    from everyrun.workflows.templates import environment

    template = environment.compile_text(tree)

    def render(names: Names) -> str:
        return "".join(template.root_render_func(environment.context_of(template, names)))

    return render


def _as_value(value: Any) -> Any:
    """What an expression gave as a value that can be handed on."""
    if isinstance(value, Secrets):
        raise Refused("secrets are read one by one: secrets.NAME")
    if is_method(value):
        raise Refused(f"{value.__name__} is a method, not a value: put () behind it")
    if isinstance(value, _LISTED):
        return list(value)
    if isinstance(value, Mapping) and not isinstance(value, dict):
        return dict(value)
    return value


def _depth_to_search(expression: "nodes.Expr") -> int:
    """How deep in the value a name that is not there may be hidden; 0 where nowhere."""
    from jinja2 import nodes

    makers = (nodes.List, nodes.Tuple, nodes.Dict, nodes.Call, nodes.Filter)
    found = [expression, *expression.find_all(makers)]
    made = [node for node in found if isinstance(node, makers)]
    if all(isinstance(node, nodes.Filter) and node.name != "map" for node in made):
        return 0
    return len(made)


def _refuse_nothing(value: Any, depth: int) -> None:
    from everyrun.workflows.templates.environment import Nothing

    if isinstance(value, Nothing):
        value.fail()
    if depth and isinstance(value, list | tuple | dict):
        for part in value.values() if isinstance(value, dict) else value:
            _refuse_nothing(part, depth - 1)
