"""The JSON Schema (draft-07) of the policy's files, for editors that complete and check.

It is made from the models that read the files, and says of plain YAML scalars what the reader
says: text may look like a number.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from relance.policy.draft import Adapters
from relance.policy.model import Account, Policy, Procedure
from relance.policy.scenarios import Scenarios

DRAFT = "http://json-schema.org/draft-07/schema#"
SUBJECTS = ("relance", "procedure", "accounts", "tests")

_TITLES = {
    "relance": "relance.yaml",
    "procedure": "procedures/*.yaml",
    "accounts": "accounts.yaml",
    "tests": "tests/*.yaml",
}
_NUMBER = {"type": "number"}
_AMOUNT_TEXT = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_DROPPED = ("title", "default", "discriminator", "examples")


def json_schema(subject: str = "relance", adapters: Adapters | None = None) -> dict[str, Any]:
    """Return the draft-07 schema of `subject`, one of SUBJECTS ("project" is "relance" too).

    With `adapters`, the settings of each kind of channel are described as well.

    Raises:
        KeyError: if there is no such subject.
    """
    subject = "relance" if subject == "project" else subject
    title = _TITLES[subject]
    if subject == "procedure":
        body = _of(Procedure)
    elif subject == "accounts":
        body = {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/Account"}}
        account = _of(Account)
        body["definitions"] = {"Account": account} | account.pop("definitions", {})
    elif subject == "tests":
        whole = _of(Scenarios)
        definitions = whole.pop("definitions")
        listed = {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/Scenario"}}
        body = {"anyOf": [listed, whole], "definitions": definitions}
    else:
        body = _of_policy(adapters)
    return {"$schema": DRAFT, "title": title, **body}


def _of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    translated: dict[str, Any] = _translated(schema)
    return translated


def _of_policy(adapters: Adapters | None) -> dict[str, Any]:
    schema = _of(Policy)
    for name, field in Policy.model_fields.items():
        if field.exclude:
            del schema["properties"][name]
    if adapters is not None:
        schema["definitions"]["ChannelConfig"] = _channel(adapters, schema["definitions"])
    used = _references(schema["properties"], schema["definitions"])
    schema["definitions"] = {n: d for n, d in schema["definitions"].items() if n in used}
    return schema


def _references(part: Any, definitions: dict[str, Any]) -> set[str]:
    """Return the names of the definitions that `part` leads to."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return found


def _channel(adapters: Adapters, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a channel: its kind, and for each kind its settings."""
    rules = []
    for kind in sorted(adapters):
        settings = _of(adapters[kind].settings)
        definitions |= settings.pop("definitions", {})
        settings.setdefault("properties", {})["kind"] = {"const": kind}
        name = f"Channel-{kind}"
        definitions[name] = settings
        condition = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
        rules.append({"if": condition, "then": {"$ref": f"#/definitions/{name}"}})
    kinds = {"enum": sorted(adapters), "description": "Which adapter carries the notices."}
    return {
        "type": "object",
        "description": "A channel: its kind, and the settings of that kind.",
        "properties": {"kind": kinds},
        "required": ["kind"],
        "allOf": rules,
    }


def _translated(value: Any, names: bool = False) -> Any:
    """Return a schema in the words of draft-07; `names` says that keys are names of properties."""
    if isinstance(value, list):
        return [_translated(item) for item in value]
    if not isinstance(value, dict):
        return value
    if names:
        return {key: _translated(item) for key, item in value.items()}
    schema = {
        "definitions" if key == "$defs" else key: _translated(
            item, names=key in ("properties", "$defs")
        )
        for key, item in value.items()
        if key not in _DROPPED
    }
    if "description" in schema:
        schema["description"] = schema["description"].partition("\n\n")[0].replace("\n", " ")
    if "$ref" in schema:
        return _reference(schema)
    if "anyOf" in schema:
        schema["anyOf"] = _alternatives(schema["anyOf"])
    return _loosened(schema)


def _reference(schema: dict[str, Any]) -> dict[str, Any]:
    """In draft-07 nothing beside a `$ref` counts: what stands beside it moves around it."""
    target = {"$ref": schema.pop("$ref").replace("#/$defs/", "#/definitions/")}
    if target["$ref"].endswith("/Bounds"):
        return {**schema, "anyOf": [target, _NUMBER]}  # one number is the range that holds it
    return {**schema, "allOf": [target]} if schema else target


def _alternatives(schemas: list[Any]) -> list[Any]:
    """Return alternatives without nesting; the text form of an amount has digits and a point."""
    flat: list[Any] = []
    for one in schemas:
        flat += one["anyOf"] if one.keys() == {"anyOf"} else [one]
    if any(one.get("type") == "number" for one in flat):
        flat = [_AMOUNT_TEXT if one == {"type": ["string", "number"]} else one for one in flat]
    return flat


def _loosened(schema: dict[str, Any]) -> dict[str, Any]:
    """Accept as YAML writes it: a text that looks like a number, one text for a list of texts."""
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const"}:
        schema["type"] = ["string", "number"]
        schema.pop("format", None)
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, dict) and _is_scalar(items):
        about = {"description": schema.pop("description")} if "description" in schema else {}
        return {"anyOf": [items, schema], **about}
    return schema


def _is_scalar(schema: dict[str, Any]) -> bool:
    return "enum" in schema or "const" in schema or schema.get("type") == ["string", "number"]
