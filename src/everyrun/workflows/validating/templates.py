"""Whether each template can work: its syntax, and that what it speaks of is there by then."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from everyrun.domain.graph import NodeDefinition, WorkflowDefinition
from everyrun.domain.suggesting import enumerated, hint
from everyrun.workflows.problems import Code, Findings, Path
from everyrun.workflows.templates import is_template, syntax_problem
from everyrun.workflows.templates.mentioning import paths_in
from everyrun.workflows.templates.recognising import NamePath, name_path
from everyrun.workflows.validating.ancestry import Ancestry
from everyrun.workflows.validating.node_types import Kinds
from everyrun.workflows.validating.scopes import Scope, full_key

IN_NODES = ("output", "status", "error", "branch")
"""What there is to read of a node that has settled."""
IN_EXECUTION = ("id", "workflow", "trigger", "started_at")
EVERYWHERE = ("inputs", "nodes", "variables", "secrets", "execution")
IN_LOOPS: Mapping[str, tuple[str, ...]] = {
    "for_each": ("item", "index"),
    "repeat": ("previous", "index"),
}
"""What the body of a loop can speak of besides; a loop of another type may give all of these."""
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ALL_IN_LOOPS = ("item", "index", "previous")


class Reader(NamedTuple):
    """Who reads: a node, its loop over its finished body, or the workflow's output."""

    scope: Scope
    key: str | None
    """None reads all nodes of the scope."""
    names: tuple[str, ...]
    called: str


class Template(NamedTuple):
    """One text with a template in it, and where it stands; ``bare`` where it has no braces."""

    path: Path
    text: str
    bare: bool = False


def templates_in(value: Any, path: Path, *, bare: bool = False) -> Iterator[Template]:
    """The templates in a value. ``bare`` takes every text for one, with braces or without.

    Goes through nested values without recursion.
    """
    waiting = [(path, value)]
    while waiting:
        where, inner = waiting.pop()
        if isinstance(inner, str):
            if bare or is_template(inner):
                yield Template(where, inner, bare)
        elif isinstance(inner, dict):
            waiting += [((*where, key), each) for key, each in inner.items()]
        elif isinstance(inner, list):
            waiting += [((*where, index), each) for index, each in enumerate(inner)]


def _paths_in_parts(text: str) -> list[NamePath] | None:
    """The names in text around expressions (``{{ variables.root }}/{{ inputs.day }}``).

    Each expression is looked at for itself: most are paths of names, which need not be parsed, and
    many stand in a definition more than once. None where that does not tell.
    """
    expressions = _EXPRESSION.findall(text)
    if "{%" in text or "{#" in text or len(expressions) != text.count("{{"):
        return None
    paths: list[NamePath] = []
    for expression in expressions:
        path = name_path(expression)
        if path is not None:
            paths.append(path)
        elif syntax_problem(expression) is None:
            paths += paths_in(expression)
        else:  # it may have been torn apart: {{ {'a': {'b': 1}} }}
            return None
    return paths


class TemplateJudge:
    """Judges the templates of one definition."""

    def __init__(
        self,
        definition: WorkflowDefinition,
        ancestry: Callable[[Scope], Ancestry],
        findings: Findings,
    ) -> None:
        self._definition = definition
        self._ancestry = ancestry
        self._findings = findings

    def judge_scope(self, scope: Scope, kinds: Kinds, bodies: Mapping[str, Scope]) -> None:
        """Judge the nodes of one graph; ``bodies`` are those of its loops."""
        names = EVERYWHERE + _names_in(scope)
        for key, node in scope.nodes.items():
            reader = Reader(scope, key, names, full_key(scope, key))
            kind = kinds.find(node.type)
            late = frozenset() if kind is None else kind.left_as_written
            for name, value in node.parameters.items():
                path = scope.path_of(key, "with", name)
                if name not in late:
                    self._judge_all(templates_in(value, path), reader)
                elif key in bodies:
                    self._judge_late(value, path, reader, bodies[key])
            self._judge_key_limit(node, reader)

    def _judge_late(self, value: Any, path: Path, reader: Reader, body: Scope) -> None:
        """A parameter that a loop evaluates itself, over its finished body.

        What another node type leaves as it is written means nothing here: SQL, for one.
        """
        names = EVERYWHERE + _names_in(body)
        reader = Reader(body, None, names, reader.called)
        self._judge_all(templates_in(value, path, bare=True), reader)

    def _judge_key_limit(self, node: NodeDefinition, reader: Reader) -> None:
        if node.concurrency is not None and reader.key is not None:
            path = reader.scope.path_of(reader.key, "concurrency", "key")
            self._judge_all(templates_in(node.concurrency.key, path), reader)

    def judge_output(self, top: Scope) -> None:
        """Judge what the workflow gives back: it may read every node."""
        reader = Reader(top, None, EVERYWHERE, "output")
        self._judge_all(templates_in(self._definition.output, ("output",)), reader)

    def judge_variables(self) -> None:
        """Judge the variables, which are known before any node has run."""
        names = tuple(name for name in EVERYWHERE if name not in ("nodes", "variables"))
        reader = Reader(Scope({}, ()), None, names, "variables")
        self._judge_all(templates_in(self._definition.variables, ("variables",)), reader)

    def judge_inputs(self) -> None:
        """Defaults are values: note the templates in them, which nobody would evaluate."""
        for name, declared in self._definition.inputs.items():
            for template in templates_in(declared.default, ("inputs", name, "default")):
                message = f"the default of {name} is taken as it is, a template in it stays text"
                self._findings.add(Code.TEMPLATE_NOT_EVALUATED, message, template.path)

    def _judge_all(self, templates: Iterable[Template], reader: Reader) -> None:
        for template in templates:
            paths: Iterable[NamePath] | None = None
            if not template.bare:
                paths = _paths_in_parts(template.text)
            if paths is None:
                problem = syntax_problem(template.text, bare=template.bare)
                if problem is not None:
                    self._findings.add(Code.TEMPLATE_SYNTAX, problem, template.path)
                    continue
                paths = paths_in(template.text)
            for path in paths:
                self._judge_path(path, template.path, reader)

    def _judge_path(self, said: NamePath, path: Path, reader: Reader) -> None:
        """A template speaks of a name, or of something in it."""
        if said.name not in reader.names:
            self._note_name(said.name, path, reader)
            return
        known = self._known_in(said.name)
        keys = [str(step.key) for step in said.steps]
        if not keys or known is None:
            return
        if said.name == "nodes":
            self._judge_node(keys[0], path, reader)
            if len(keys) > 1 and keys[1] not in IN_NODES:
                self._note_missing(f"nodes.{keys[0]}", keys[1], IN_NODES, path)
        elif keys[0] not in known:
            self._note_missing(said.name, keys[0], known, path)

    def _known_in(self, name: str) -> Collection[str] | None:
        """What there is to read in a name; None where nobody knows before the run."""
        match name:
            case "inputs":
                return self._definition.inputs
            case "variables":
                return self._definition.variables
            case "execution":
                return IN_EXECUTION
            case "nodes":
                return ()
            case _:
                return None

    def _note_name(self, name: str, path: Path, reader: Reader) -> None:
        if name in _ALL_IN_LOOPS:
            loops = " or ".join(loop for loop, names in IN_LOOPS.items() if name in names)
            message = f"{reader.called} reads {name}, which is there only in the body of {loops}"
            self._findings.add(Code.UNKNOWN_NAME, message, path)
            return
        suggestion = self._findings.closest(name, reader.names)
        message = f"there is no {name} here; {_there_are(reader.names, suggestion)}"
        self._findings.add(Code.UNKNOWN_NAME, message, path, suggestion=suggestion)

    def _note_missing(self, room: str, name: str, known: Collection[str], path: Path) -> None:
        codes = {"inputs": Code.UNKNOWN_INPUT, "variables": Code.UNKNOWN_VARIABLE}
        suggestion = self._findings.closest(name, known)
        message = f"there is no {room}.{name}; {_there_are(known, suggestion)}"
        code = codes.get(room, Code.UNKNOWN_NAME)
        self._findings.add(code, message, path, suggestion=suggestion)

    def _judge_node(self, key: str, path: Path, reader: Reader) -> None:
        """A template reads ``nodes.<key>``: siblings first, then the graphs around."""
        if key in reader.scope.nodes:
            if reader.key is not None:
                self._judge_earlier(key, reader.scope, reader.key, path, reader.called)
            return
        for outer, loop in reader.scope.around():
            if key in outer.nodes:
                self._judge_earlier(key, outer, loop, path, reader.called)
                return
        self._note_unknown_node(key, path, reader)

    def _judge_earlier(self, key: str, scope: Scope, reading: str, path: Path, called: str) -> None:
        """``reading``, or what is in its body, reads ``key`` of the same graph."""
        ancestry = self._ancestry(scope)
        if key == reading:
            message = f"{called} reads nodes.{key}, which has no output before it ends"
        elif not ancestry.is_known(reading) or ancestry.comes_before(key, reading):
            return
        else:
            who = "it" if called == full_key(scope, reading) else reading
            message = f"{called} reads nodes.{key} but {who} does not need it"
        self._findings.add(Code.NODE_NOT_NEEDED, message, path)

    def _note_unknown_node(self, key: str, path: Path, reader: Reader) -> None:
        known = list(reader.scope.nodes)
        for outer, _ in reader.scope.around():
            known += [other for other in outer.nodes if other not in known]
        suggestion = self._findings.closest(key, known)
        message = f"{reader.called} reads nodes.{key}, which does not exist{hint(suggestion)}"
        if suggestion is not None and suggestion.startswith(f"{key}-"):
            message += f" Write nodes['{suggestion}'], for a hyphen is a minus."
        for loop, node in reader.scope.nodes.items():
            if key in node.do:
                message = (
                    f"{reader.called} reads nodes.{key}, which is in the body of {loop}; "
                    f"read nodes.{loop}.output"
                )
                break
        self._findings.add(Code.UNKNOWN_NODE, message, path, suggestion=suggestion)


def _there_are(words: Collection[str], suggestion: str | None) -> str:
    return f"there are: {enumerated(words)}{hint(suggestion)}" if words else "there are none"


def _names_in(scope: Scope) -> tuple[str, ...]:
    """What the bodies that a scope is in can speak of."""
    names: dict[str, None] = {}
    for outer, loop in scope.around():
        names |= dict.fromkeys(IN_LOOPS.get(outer.nodes[loop].type, _ALL_IN_LOOPS))
    return tuple(names)
