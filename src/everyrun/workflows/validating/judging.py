"""Every problem of a definition at once."""

from contextlib import suppress

from everyrun.domain.graph import WorkflowDefinition
from everyrun.workflows.inputs import fits, problem_with
from everyrun.workflows.problems import Code, EdgeIndex, EnoughFound, Findings, Located, Problem
from everyrun.workflows.validating.ancestry import Ancestry
from everyrun.workflows.validating.cycles import cycles, order
from everyrun.workflows.validating.edges import Numbered, note_unknown_branches, number_edges
from everyrun.workflows.validating.node_types import Catalogue, Kinds, KnownWorkflows, judge_nodes
from everyrun.workflows.validating.ranges import Ranges
from everyrun.workflows.validating.reachability import unreachable
from everyrun.workflows.validating.scopes import Scope, scopes_of
from everyrun.workflows.validating.templates import TemplateJudge


def validate(
    definition: WorkflowDefinition,
    places: Located | None = None,
    *,
    catalogue: Catalogue | None = None,
    known_workflows: KnownWorkflows | None = None,
) -> list[Problem]:
    """What keeps a definition from running: all of it, in the order of the text.

    ``places`` tell where it stands, where it was read from a text. ``catalogue`` is
    ``nodes.catalogue`` by default. With ``known_workflows`` the workflows that nodes run are
    checked too, and what they are given.
    """
    findings = Findings()
    with suppress(EnoughFound):
        _judge(definition, Kinds(catalogue or _installed()), known_workflows, findings)
    return findings.placed(places)


def _judge(
    definition: WorkflowDefinition,
    kinds: Kinds,
    known_workflows: KnownWorkflows | None,
    findings: Findings,
) -> None:
    scopes = scopes_of(definition, findings)
    _judge_inputs(definition, findings)
    ranges = Ranges(findings)
    ranges.judge_workflow(definition)
    if not definition.nodes:
        findings.add(Code.NO_NODES, "a workflow needs at least one node", ("nodes",), at_key=True)
    ancestry: dict[int, Ancestry] = {}
    bodies: dict[int, dict[str, Scope]] = {id(scope): {} for scope in scopes}
    for scope in scopes:
        ranges.judge_nodes(scope)
        judge_nodes(scope, kinds, known_workflows, findings)
        ancestry[id(scope)] = _judge_graph(scope, kinds, findings)
        if scope.outer is not None and scope.loop is not None:
            bodies[id(scope.outer)][scope.loop] = scope
    judge = TemplateJudge(definition, lambda scope: ancestry[id(scope)], findings)
    judge.judge_inputs()
    judge.judge_variables()
    for scope in scopes:
        judge.judge_scope(scope, kinds, bodies[id(scope)])
    judge.judge_output(scopes[0])


def _installed() -> Catalogue:
    from everyrun.nodes import catalogue

    return catalogue


def _judge_inputs(definition: WorkflowDefinition, findings: Findings) -> None:
    for name, declared in definition.inputs.items():
        for index, choice in enumerate(declared.choices):
            if not fits(choice, declared.type):
                message = f"a choice of {name} is not of its type, {declared.type}"
                findings.add(Code.WRONG_INPUT, message, ("inputs", name, "choices", index))
        if declared.required:
            continue
        problem = problem_with(declared.default, declared)
        if problem is not None:
            right_type = fits(declared.default, declared.type)
            code = Code.INPUT_NOT_A_CHOICE if right_type else Code.WRONG_INPUT
            message = f"the default of {name} {problem}"
            findings.add(code, message, ("inputs", name, "default"))


def _judge_graph(scope: Scope, kinds: Kinds, findings: Findings) -> Ancestry:
    graph = number_edges(scope, findings)
    ordered = order(graph.needs, graph.stuck)
    branches = {key: kinds.branches(node) for key, node in scope.nodes.items()}
    note_unknown_branches(scope, branches, findings)
    joins = [node.join for node in scope.nodes.values()]
    for found in unreachable(graph, ordered, joins, branches):
        key = graph.keys[found.node]
        if found.torn is not None:
            torn = graph.keys[found.torn]
            why = f"what it needs asks for outcomes of {torn} that exclude each other"
        else:
            why = f"it needs {graph.keys[found.needed or 0]}, which can never run"
        message = f"{key} can never run: {why}"
        findings.add(Code.UNREACHABLE_NODE, message, scope.path_of(key), at_key=True)
    if len(ordered) < len(graph.keys):
        _note_cycles(scope, graph, set(range(len(graph.keys))) - set(ordered), findings)
    return Ancestry(graph, ordered)


def _note_cycles(scope: Scope, graph: Numbered, among: set[int], findings: Findings) -> None:
    """Note one cycle of each knot, and the nodes that are only reached through one."""
    in_cycles = set(graph.stuck)
    for knot in cycles(graph.needs, among):
        in_cycles |= knot.members
        keys = [graph.keys[node] for node in knot.path]
        message = f"these nodes wait for each other: {' → '.join(keys)}"
        needs = scope.nodes[keys[0]].needs
        closing = next(at for at, edge in enumerate(needs) if edge.node == keys[-2])
        path = scope.path_of(keys[0], "needs", EdgeIndex(closing))
        findings.add(Code.CYCLE_DETECTED, message, path, cycle_path=keys)
    for node in sorted(among - in_cycles):
        key = graph.keys[node]
        cause = next(other for other in graph.needs[node] if other in among)
        which = "waits for itself" if cause in in_cycles else "can never run"
        message = f"{key} can never run: it needs {graph.keys[cause]}, which {which}"
        findings.add(Code.UNREACHABLE_NODE, message, scope.path_of(key), at_key=True)
