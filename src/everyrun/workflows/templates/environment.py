"""The sandbox that templates are compiled for and run in. Importing this imports Jinja2."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, NoReturn

from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Template
from jinja2.runtime import LoopContext, Macro, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from everyrun.domain.suggesting import which_there_are
from everyrun.workflows.templates import limits
from everyrun.workflows.templates.errors import Absent, Refused
from everyrun.workflows.templates.filters import FILTERS, BudgetedContext
from everyrun.workflows.templates.formatting import check_format_of_time, formatted, modulo
from everyrun.workflows.templates.missing import about_missing
from everyrun.workflows.templates.reading import (
    MISSING,
    is_callable_here,
    read_attribute,
    read_item,
)
from everyrun.workflows.templates.texts import as_text

RESULT = "everyrun_result"
"""Where an expression's template leaves the value."""

_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Extends: "extends",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Block: "block",
    nodes.EvalContextModifier: "autoescape",
}
_JINJA_S_OWN = ("_loop_vars", "_block_vars")
_GLOBALS: Mapping[str, Any] = {"range": limits.limited_range, "dict": dict, "namespace": Namespace}


class Nothing(StrictUndefined):
    """What a name that is not there stands for: good for ``is defined`` and ``default`` alone."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: Any = None, exc: Any = None
    ) -> None:
        super().__init__(hint, obj, name, lambda message: Absent(message, name))  # type: ignore[arg-type]

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"there is no {self._undefined_name}"
        return about_missing(self._undefined_obj, self._undefined_name)

    def fail(self) -> NoReturn:
        """Say that it is not there."""
        raise Absent(self._undefined_message, self._undefined_name)


class _Code(CodeGenerator):
    """Joins with ``~`` within the limits."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's
        self.write("environment.joined(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, narrower: methods from a list, limits, and sentences for what is missing."""

    code_generator_class = _Code
    context_class = BudgetedContext
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    _operators: ClassVar[Mapping[str, Callable[..., Any]]] = {
        "+": limits.add,
        "*": limits.multiply,
        "%": modulo,
    }

    def __init__(self) -> None:
        # Nothing is computed while compiling: a template is compiled to be checked, too.
        super().__init__(
            undefined=Nothing,
            finalize=_finalize,
            keep_trailing_newline=True,
            optimized=False,
            cache_size=0,
        )
        self.globals = dict(_GLOBALS)
        self.filters = dict(FILTERS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute``"""
        if isinstance(obj, Nothing):
            obj.fail()
        if isinstance(obj, LoopContext | Namespace | Macro):
            return super().getattr(obj, attribute)
        found = read_attribute(obj, attribute)
        return self.undefined(obj=obj, name=attribute) if found is MISSING else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``obj[argument]``"""
        if isinstance(obj, Nothing):
            obj.fail()
        found = read_item(obj, argument)
        return self.undefined(obj=obj, name=argument) if found is MISSING else found

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """``obj(*args, **kwargs)``"""
        if isinstance(obj, Nothing):
            obj.fail()
        owner = getattr(obj, "__self__", None)
        if isinstance(obj, Macro | LoopContext) or isinstance(owner, LoopContext):
            return context.call(obj, *args, **kwargs)
        kwargs = {name: value for name, value in kwargs.items() if name not in _JINJA_S_OWN}
        for value in (*args, *kwargs.values()):
            if isinstance(value, Nothing):
                value.fail()
        if any(obj is known for known in _GLOBALS.values()):
            return obj(*args, **kwargs)
        if not is_callable_here(obj):
            name = getattr(obj, "__name__", type(obj).__name__)
            raise Refused(f"{name} cannot be called in a template")
        if isinstance(owner, str):
            return _call_of_text(context.budget, owner, obj, args, kwargs)
        if obj.__name__ == "strftime":
            check_format_of_time(*args)
        return obj(*args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """``left operator right``, within the limits."""
        if operator == "**":
            return limits.power(left, right)
        return self._operators[operator](left, right, context.budget)

    def joined(self, context: Any, parts: tuple[Any, ...]) -> str:
        """``a ~ b``"""
        return limits.join("", map(as_text, parts), context.budget)


def _call_of_text(budget: limits.Budget, text: str, method: Any, args: Any, kwargs: Any) -> Any:
    """Call a method of a text that makes another, within the limits."""
    name = method.__name__
    if name == "format":
        return formatted(text, args, kwargs, budget)
    if name == "join":
        return limits.join(text, map(as_text, args[0]), budget)
    if name == "replace":
        return limits.replace(text, args[0], args[1], budget, *args[2:])
    if name in {"center", "ljust", "rjust", "zfill"}:
        limits.width(args[0])
    if name == "expandtabs":
        budget.text(text.count("\t") * limits.width(next(iter([*args, *kwargs.values()]), 8)))
    budget.text(len(text))
    return method(*args, **kwargs)


@pass_context
def _finalize(context: BudgetedContext, value: Any) -> str:
    text = value if type(value) is str else as_text(value)
    context.budget.text(len(text))
    return text


@cache
def sandbox() -> Sandbox:
    """The one environment of this process."""
    return Sandbox()


def parse(text: str) -> nodes.Template:
    """The syntax tree of a template. Raises ``TemplateSyntaxError`` and :class:`Refused`."""
    tree = sandbox().parse(text)
    _check(tree)
    return tree


def expression_in(tree: nodes.Template) -> nodes.Expr | None:
    """The expression, where a template is exactly one ``{{ expression }}``."""
    match tree.body:
        case [nodes.Output(nodes=[nodes.Expr() as only])] if not isinstance(
            only, nodes.TemplateData
        ):
            return only
    return None


def compile_value(expression: nodes.Expr) -> Template:
    """A template that leaves the expression's value in its context as :data:`RESULT`."""
    assign = nodes.Assign(nodes.Name(RESULT, "store"), expression, lineno=1)
    return _compiled(nodes.Template([assign], lineno=1))


def context_of(template: Template, names: Mapping[str, Any]) -> BudgetedContext:
    """A context for one rendering of a template."""
    return BudgetedContext(sandbox(), {**_GLOBALS, **names}, None, {})


def compile_text(tree: nodes.Template) -> Template:
    """A template that renders to text."""
    for output in tree.find_all(nodes.Output):
        # As constants they are counted like everything else that is written.
        output.nodes = [
            nodes.Const(part.data, lineno=part.lineno)
            if isinstance(part, nodes.TemplateData)
            else part
            for part in output.nodes
        ]
    return _compiled(tree)


def refuse_function(value: Any) -> None:
    """Refuse one of the functions that templates can call as a value."""
    for name, function in _GLOBALS.items():
        if value is function:
            raise Refused(f"{name} is a function, not a value: put () behind it")


def _compiled(tree: nodes.Template) -> Template:
    environment = sandbox()
    tree.set_environment(environment)
    try:
        return environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise Refused(f"this template cannot be read: {error.message}") from error
    except (SyntaxError, RecursionError, MemoryError) as error:  # of the code made from it
        raise Refused("this template is nested too deeply") from error


def _check(tree: nodes.Template) -> None:
    """Refuse what cannot work here, with the place in the text."""
    environment = sandbox()
    kinds: tuple[type[nodes.Node], ...] = (*_REFUSED, nodes.Filter, nodes.Test)
    for node in tree.find_all(kinds):
        for kind, tag in _REFUSED.items():
            if isinstance(node, kind):
                raise TemplateSyntaxError(
                    f"{{% {tag} %}} cannot be used: a template stands alone", node.lineno
                )
        if isinstance(node, nodes.Filter) and node.name not in environment.filters:
            raise _unknown("filter", node, environment.filters)
        if isinstance(node, nodes.Test) and node.name not in environment.tests:
            raise _unknown("test", node, environment.tests)


def _unknown(
    kind: str, node: nodes.Filter | nodes.Test, known: Mapping[str, Any]
) -> TemplateSyntaxError:
    return TemplateSyntaxError(
        f"there is no {kind} {node.name}; {which_there_are(node.name, known)}", node.lineno
    )
