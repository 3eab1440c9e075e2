"""The pages about the policy: configuration, from its models, and the shipped procedures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docs_tables import ROOT, table

if TYPE_CHECKING:
    from docs_words import Words

    from relance.policy.model import Charges, Level, Procedure

Schema = dict[str, Any]


PLAIN = {"string": "text", "integer": "whole number", "boolean": "true, false"}


def type_of(schema: Schema) -> str:
    """Return the type of a JSON Schema property in a reader's words."""
    joined = schema.get("anyOf") or schema.get("oneOf")
    if joined:
        return one_of([option for option in joined if option.get("type") != "null"])
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    kind = str(schema.get("type", "string"))
    if kind in ("array", "object"):
        inner = schema.get("items" if kind == "array" else "additionalProperties")
        word = "list of " if kind == "array" else "map to "
        return word + type_of(inner) if isinstance(inner, dict) else word.split(maxsplit=1)[0]
    return PLAIN.get(kind, kind) + limits_of(schema)


def one_of(options: list[Schema]) -> str:
    """Return the words of a choice; a number that may be written as text is an amount."""
    if {"number", "string"} <= {option.get("type") for option in options}:
        return "amount"
    return " or ".join(dict.fromkeys(type_of(option) for option in options))


def limits_of(schema: Schema) -> str:
    """Return the bounds of a number, in parentheses; nothing when it has none."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" ({low} to {high})"
    return f" (from {low})" if low is not None else ""


def default_of(schema: Schema, required: bool) -> str:
    """Return what holds when the key is absent: the value, "required" or nothing."""
    if required:
        return "**required**"
    value = schema.get("default")
    if value in (None, [], {}, ()) or isinstance(value, dict | list):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def keys_table(schema: Schema, known: Schema | None = None) -> str:
    """Return the table of a model's keys; `known` are the models that it refers to, by name."""
    required = schema.get("required", ())
    properties: dict[str, Schema] = schema.get("properties", {})
    return table(
        ("Key", "Value", "When absent", "Meaning"),
        [
            (f"`{key}`", type_of(s), default_of(s, key in required), meaning_of(s, known or {}))
            for key, s in properties.items()
        ],
    )


def meaning_of(schema: Schema, known: Schema) -> str:
    """Return what a key means: its description, else that of the model that it holds."""
    refers = schema.get("$ref", "").rsplit("/", 1)[-1]
    return str(schema.get("description") or first_paragraph(known.get(refers, {})))


def first_paragraph(schema: Schema) -> str:
    """Return what the model's docstring says to a reader of the policy."""
    return str(schema.get("description", "")).split("\n\n")[0]


def channel_sections() -> Iterator[str]:
    """Yield a section for each channel that this distribution ships, then what their keys hold."""
    from importlib.metadata import entry_points

    held: Schema = {}
    for entry in sorted(entry_points(group="relance.channels"), key=lambda e: e.name):
        if (entry.dist and entry.dist.name) != "relance":
            continue
        channel = entry.load()
        able = channel.capabilities
        facts = [f"carries {', '.join(able.media)}"]
        facts.append(
            "idempotent: a send that was cut short is repeated"
            if able.idempotent
            else "a send that was cut short is in doubt"
        )
        facts += [f"gives a proof: {', '.join(able.proof)}"] if able.proof else []
        yield f"### kind: {entry.name}\n\n{channel.__doc__.splitlines()[0]} It {'; '.join(facts)}.\n\n"
        settings = channel.settings.model_json_schema()
        held |= settings.get("$defs", {})
        yield (keys_table(settings) if settings["properties"] else "It has no settings.") + "\n\n"
    for name, schema in sorted(held.items()):
        yield f"### {name}\n\n{first_paragraph(schema)}\n\n{keys_table(schema)}\n\n"


FIRST = (
    "Creditor", "Stationery", "Window", "CustomersSource", "CsvSource", "FecSource", "Segment",
    "Condition", "Bounds", "Limits", "ContactCap", "Account", "Procedure", "Level", "Task", "Charges",
)  # fmt: skip
"""The models in the order in which they are met; further ones follow."""


def configuration(words: Words) -> str:
    """Return the page of the configuration."""
    from relance.policy.model import Account, Policy, Procedure

    page = words.prose("configuration.md")
    whole = Policy.model_json_schema(by_alias=True)
    found = dict(whole.pop("$defs"))
    for name, field in Policy.model_fields.items():
        if field.exclude:  # filled in by the reader of the policy, not by its writer
            del whole["properties"][name]
    for extra in (Procedure, Account):
        schema = extra.model_json_schema(by_alias=True)
        found |= schema.pop("$defs", {})
        found[extra.__name__] = schema
    known = dict(found)
    sections = []
    order = list(FIRST)
    order += sorted(set(found) - set(order) - {"ChannelConfig"})
    for name in order:
        schema = found.pop(name)
        sections.append(f"## {name}\n\n{first_paragraph(schema)}\n\n{keys_table(schema, known)}\n")
    example = (ROOT / "examples/menuiserie-lenoir/relance.yaml").read_text("utf-8")
    return (
        page.replace("@EXAMPLE@", f"```yaml policy\n{example}```")
        .replace("@POLICY@", keys_table(whole, known))
        .replace("@SECTIONS@", "\n".join(sections))
        .replace("@CHANNELS@", "".join(channel_sections()))
    )


def procedures(words: Words) -> str:
    """Return the page of the shipped procedures."""
    import yaml

    from relance.policy.model import Procedure

    files = sorted((ROOT / "procedures").glob("*.yaml"))
    found = [Procedure.model_validate(yaml.safe_load(f.read_text("utf-8"))) for f in files]
    parts = [
        f"## {p.name}\n\n{words.own(p.description or '')} {grouping_of(p, words)}\n\n{ladder(p, words)}\n"
        for p in found
    ]
    page = words.prose("procedures.md")
    return page.replace("@PROCEDURES@", "\n".join(parts))


def grouping_of(procedure: Procedure, words: Words) -> str:
    """Return how the notices of `procedure` are grouped and spaced, in a sentence."""
    one = {"debtor": "debtor and currency", "level": "level", "receivable": "receivable"}
    return words.own(
        "One notice per {one}, at least {days} days between two about the same receivable, "
        "from {minimum} past due."
    ).format(
        one=words.own(one[procedure.group]),
        days=procedure.interval,
        minimum=words.amount(procedure.minimum),
    )


def ladder(procedure: Procedure, words: Words) -> str:
    """Return the table of the levels of `procedure`."""
    otherwise = f", {words.own('else')} "
    return table(
        ("", *(words.own(head) for head in ("Level", "Day", "Channel", "What"))),
        [
            (
                f"{n}",
                f"`{level.id}`",
                f"{level.days:+d}",
                " + ".join(level.all) or otherwise.join(level.channel),
                what_of(level, words),
            )
            for n, level in enumerate(procedure.levels, 1)
        ],
    )


def what_of(level: Level, words: Words) -> str:
    """Return what a level does and for whom, in a few words."""
    asks = level.when.model_dump(exclude_none=True, by_alias=True) if level.when else {}
    conditions = ", ".join(f"{key} {_wanted(value, words)}" for key, value in asks.items())
    said = [
        words.own("task: {kind}").format(kind=level.task.kind)
        if level.task
        else f"{level.template}, {level.tone}",
        words.own("only if {conditions}").format(conditions=conditions) if asks else "",
        _claims(level.charges, words),
        words.own("approval required") if level.approval == "required" else "",
    ]
    return words.own("; ").join(part for part in said if part)


def _claims(charges: Charges, words: Words) -> str:
    said = [name for name in ("interest", "compensation", "fee") if getattr(charges, name)]
    said += ["what is left on paid invoices"] if charges.paid else []
    return f"{words.own('claims')} {', '.join(map(words.own, said))}" if said else ""


def _wanted(value: object, words: Words) -> str:
    if isinstance(value, dict):
        return " ".join(
            f"{words.own('from' if end == 'min' else 'to')} {bound}" for end, bound in value.items()
        )
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
