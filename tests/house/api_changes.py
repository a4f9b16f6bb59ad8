"""What a newer description of the API (OpenAPI 3.1) takes away from those who use an older one.

Pure: two documents in, sentences out. What a client sends may become less strict, what it receives
may become more; each the other way round breaks somebody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
UPPER = ("maxLength", "maximum", "maxItems")
LOWER = ("minLength", "minimum", "minItems")


def breaking_changes(old: Json, new: Json) -> list[str]:
    """One sentence for each, in the order of the older document; empty where nothing breaks."""
    return list(dict.fromkeys(_Comparison(old, new).operations()))


@dataclass
class Shape:
    """A schema with its references followed and its alternatives put together."""

    types: set[str] = field(default_factory=set)
    values: set[str] | None = None  # None: not enumerated
    properties: Json = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: Json | None = None
    limits: Json = field(default_factory=dict)


@dataclass
class _Comparison:
    old: Json
    new: Json

    def operations(self) -> Iterator[str]:
        for path, operations in self.old["paths"].items():
            for method in METHODS:
                if method not in operations:
                    continue
                name = f"{method.upper()} {path}"
                other = self.new["paths"].get(path, {}).get(method)
                if other is None:
                    yield f"{name} is gone"
                else:
                    yield from self.operation(name, operations[method], other)

    def operation(self, name: str, old: Json, new: Json) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{name} is called {new['operationId']}, it was {old['operationId']}"
        yield from self.parameters(name, old, new)
        yield from self.bodies(name, old, new)
        for code, answer in old["responses"].items():
            if code not in new["responses"]:
                yield f"{name} no longer answers {code}"
            elif code.startswith("2"):
                schemas = _schema_of(answer), _schema_of(new["responses"][code])
                yield from self.schemas(f"{name} {code}", *schemas, received=True)

    def parameters(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before, after = _parameters(old), _parameters(new)
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{name} now asks for the parameter {key}"
        for key, parameter in before.items():
            if key not in after:
                yield f"{name} no longer takes the parameter {key}"
            else:
                schemas = parameter["schema"], after[key]["schema"]
                yield from self.schemas(f"{name} ?{key}", *schemas, received=False)

    def bodies(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before, after = old.get("requestBody"), new.get("requestBody")
        if after and after.get("required") and not (before and before.get("required")):
            yield f"{name} now asks for a body"
        if before and after:
            yield from self.schemas(name, _schema_of(before), _schema_of(after), received=False)

    def schemas(
        self, where: str, old: Json, new: Json, *, received: bool, seen: tuple[str, ...] = ()
    ) -> Iterator[str]:
        reference = f"{_reference(old)} {_reference(new)}"
        if reference.strip() and reference in seen:
            return
        seen = (*seen, reference)
        before, after = _shape(old, self.old), _shape(new, self.new)
        yield from _values(where, before, after, received)
        if not received:
            yield from _limits(where, before, after)
        yield from _properties(where, before, after, received)
        for name in before.properties.keys() & after.properties.keys():
            pair = before.properties[name], after.properties[name]
            yield from self.schemas(f"{where} /{name}", *pair, received=received, seen=seen)
        if before.items is not None and after.items is not None:
            pair = before.items, after.items
            yield from self.schemas(f"{where}[]", *pair, received=received, seen=seen)


def _values(where: str, old: Shape, new: Shape, received: bool) -> Iterator[str]:
    wide, narrow = (old, new) if received else (new, old)
    if wide.types and (further := narrow.types - wide.types):
        yield f"{where} {'may now be' if received else 'may no longer be'} {_list(further)}"
    if wide.values is None:
        return
    further = {"anything"} if narrow.values is None else narrow.values - wide.values
    if further:
        yield f"{where} {'may now say' if received else 'no longer takes'} {_list(further)}"


def _limits(where: str, old: Shape, new: Shape) -> Iterator[str]:
    for name in UPPER:
        if name in new.limits and new.limits[name] < old.limits.get(name, float("inf")):
            yield f"{where} has a lower {name}"
    for name in LOWER:
        if name in new.limits and new.limits[name] > old.limits.get(name, float("-inf")):
            yield f"{where} has a higher {name}"
    if "pattern" in new.limits and new.limits["pattern"] != old.limits.get("pattern"):
        yield f"{where} has another pattern"


def _properties(where: str, old: Shape, new: Shape, received: bool) -> Iterator[str]:
    for name in sorted(old.properties.keys() - new.properties.keys()):
        yield f"{where} /{name} is gone"
    fewer, more = (new, old) if received else (old, new)
    for name in sorted(more.required - fewer.required):
        if received and name in new.properties:
            yield f"{where} /{name} may now be missing"
        if not received:
            yield f"{where} now asks for /{name}"


def _shape(schema: Json, document: Json) -> Shape:
    """Of several alternatives: what any of them allows."""
    if reference := _reference(schema):
        found = reduce(lambda place, part: place[part], reference[2:].split("/"), document)
        return _shape(found, document)
    shape = Shape()
    alternatives = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf") or []
    parts = [_shape(one, document) for one in alternatives]
    if parts:
        shape.values = _together(parts)
        for part in parts:
            shape.types |= part.types
            shape.properties |= part.properties
            shape.required |= part.required
            shape.items = part.items or shape.items
    kind = schema.get("type", [])
    shape.types |= {kind} if isinstance(kind, str) else set(kind)
    if "enum" in schema:
        shape.values = set(map(str, schema["enum"])) | (shape.values or set())
    shape.properties |= schema.get("properties", {})
    shape.required |= set(schema.get("required", []))
    shape.items = schema.get("items", shape.items)
    shape.limits = {name: schema[name] for name in (*UPPER, *LOWER, "pattern") if name in schema}
    return shape


def _together(parts: list[Shape]) -> set[str] | None:
    """The values of all alternatives; null is a type, not a value."""
    named = [part.values for part in parts if part.types != {"null"}]
    if not named or any(values is None for values in named):
        return None
    return {value for values in named for value in values or ()}


def _reference(schema: Json) -> str:
    return str(schema.get("$ref", ""))


def _schema_of(body: Json) -> Json:
    """Of a request or an answer; ours have one content type each."""
    for content in body.get("content", {}).values():
        return dict(content.get("schema", {}))
    return {}


def _parameters(operation: Json) -> dict[str, Json]:
    return {f"{one['name']} ({one['in']})": one for one in operation.get("parameters", [])}


def _list(words: set[str]) -> str:
    return ", ".join(sorted(words))
