"""The flows as diagrams, derived from the declared transitions; docs/flows.md holds them all."""

from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.utils import translation
from django.utils.module_loading import module_has_submodule

from surveillance.accounts.rights import roles_with
from surveillance.flow import NEW, FlowModel, Transition, transitions_of

KEPT = "kept"  # the one state of rows that have none
_END = "[*]"  # Mermaid's word for where a flow begins and ends
_INTRODUCTION = """\
# States and verbs

Every change is one of these verbs. This page is written by `manage.py show_flow`, from the
declarations in the flows: change those, then `./run manage.py show_flow > docs/flows.md`.
Who may: the table in `surveillance/accounts/rights.py`."""

Edges = dict[tuple[str, str], list[str]]


def declare_verbs() -> None:
    """Import the flows of every app: a verb is known once its module is."""
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, "flows"):
            continue
        flows = import_module(f"{config.name}.flows")
        for found in iter_modules(getattr(flows, "__path__", [])):
            import_module(f"{flows.__name__}.{found.name}")


def kinds() -> list[str]:
    """The kinds of rows that have verbs: case, item, report …"""
    declare_verbs()
    return sorted({transition.label for transition in Transition.registry.values()})


def diagram(kind: str) -> str:
    """Mermaid's stateDiagram-v2 of one kind. Raises ValueError for a kind without verbs."""
    if kind not in kinds():
        raise ValueError(f"There is no “{kind}”. Choose one of: {', '.join(kinds())}.")
    edges = _edges(transitions_of(kind))
    if not any(start == _END for start, _end in edges) and (first := _first_state(kind)):
        edges[_END, first] = []  # made by a verb of another kind
    ranks = _ranks(edges)
    ordered = sorted(edges, key=lambda edge: (ranks[edge[0]], ranks[edge[1]]))
    lines = [
        f"    {start} --> {end}" + (f": {', '.join(verbs)}" if verbs else "")
        for (start, end), verbs in ((edge, edges[edge]) for edge in ordered)
    ]
    left = {start for start, end in edges if start != end}
    ends = sorted(set(ranks) - left - {_END}, key=lambda state: ranks[state])
    return "\n".join(["stateDiagram-v2", *lines, *(f"    {state} --> {_END}" for state in ends)])


def page() -> str:
    """docs/flows.md."""
    with translation.override("en"):
        sections = [
            f"## {kind}\n\n```mermaid\n{diagram(kind)}\n```\n\n{_table(kind)}" for kind in kinds()
        ]
    return "\n\n".join([_INTRODUCTION, *sections]) + "\n"


def _first_state(kind: str) -> str:
    """The state in which the rows of a kind are made, or "" where there are no such rows."""
    models = {model.LABEL: model for model in apps.get_models() if issubclass(model, FlowModel)}
    return str(getattr(models[kind](), "state", KEPT)) if kind in models else ""


def _table(kind: str) -> str:
    rows = [
        f"| `{one.verb}` | {one.title} | {', '.join(sorted(roles_with(one.right)))} |"
        for one in sorted(transitions_of(kind), key=lambda one: one.name)
    ]
    return "\n".join(["| verb | button | who may |", "|---|---|---|", *rows])


def _edges(transitions: Iterable[Transition]) -> Edges:
    """{(from, to): verbs}, names and states in the order of the alphabet."""
    transitions = sorted(transitions, key=lambda one: one.name)
    states = {state for one in transitions for state in one.from_ | one.to} - {NEW} or {KEPT}
    edges: Edges = defaultdict(list)
    for one in transitions:
        for start in sorted(one.from_ or states):
            for end in sorted(one.to) or [KEPT if start == NEW else start]:
                edges[start or _END, end].append(one.name)
    return edges


def _ranks(edges: Edges) -> dict[str, int]:
    """Each state's place: nearer to the beginning first."""
    reached, frontier = [_END], [_END]
    while frontier:
        near = {end for start, end in edges if start in frontier}
        frontier = sorted(near - set(reached))
        reached += frontier
    beyond = sorted({state for edge in edges for state in edge} - set(reached))
    return {state: place for place, state in enumerate([*reached, *beyond])}
