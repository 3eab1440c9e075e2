"""Finds channels by entry point: ours are registered the way a third party's are.

Nothing is imported until a kind is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ValidationError

from relance.channels import codes
from relance.channels.contract import Capabilities, Channel
from relance.channels.faults import ChannelUnavailable
from relance.diagnostics import Diagnostic
from relance.policy.model import ChannelConfig

GROUP = "relance.channels"


def known_kinds() -> list[str]:
    """Return the names of all installed kinds of channel, sorted, loading none."""
    return sorted(_points())


@cache
def load(kind: str) -> type[Channel]:
    """Return the class of the channels of `kind`.

    Raises:
        ChannelUnavailable: if there is none, several, or the one there is does not work.
    """
    points = _points().get(kind, ())
    if not points:
        known = ", ".join(known_kinds())
        facts = {"kind": kind, "known": known}
        raise ChannelUnavailable(Diagnostic(codes.UNKNOWN_KIND, facts=facts))
    if len(points) > 1:
        names = ", ".join(sorted(_distribution(point)[0] for point in points))
        facts = {"kind": kind, "distributions": names}
        raise ChannelUnavailable(Diagnostic(codes.TWICE, facts=facts))
    return _loaded(points[0])


class Kinds(Mapping[str, type[Channel]]):
    """The installed kinds of channel by name; a class is loaded when it is asked for.

    A kind that does not work is not in it.
    """

    def __getitem__(self, kind: str) -> type[Channel]:
        try:
            return load(kind)
        except ChannelUnavailable as unavailable:
            raise KeyError(kind) from unavailable

    def __iter__(self) -> Iterator[str]:
        return iter(known_kinds())

    def __len__(self) -> int:
        return len(known_kinds())


def kinds() -> Kinds:
    """Return the installed kinds by name, loading none of them yet."""
    return Kinds()


def capabilities(kind: str) -> Capabilities:
    """Return what channels of `kind` can do. Raises ChannelUnavailable as `load` does."""
    return load(kind).capabilities


def abilities(config: ChannelConfig) -> Capabilities:
    """Return what a channel with these settings can do, which its kind alone may not tell.

    A kind says so by a method of its class, `able`, which is given the settings.

    Raises:
        ChannelUnavailable: as `load` does.
    """
    kind = load(config.kind)
    able = getattr(kind, "able", None)
    if able is None:
        return kind.capabilities
    return cast("Capabilities", able(kind.settings.model_validate(config.model_extra or {})))


def settings_model(kind: str) -> type[BaseModel]:
    """Return the model of the settings of `kind`. Raises ChannelUnavailable as `load` does."""
    return load(kind).settings


def open_channel(name: str, config: ChannelConfig, root: Path) -> Channel:
    """Return the channel that the policy calls `name`; paths are relative to `root`.

    It touches nothing and connects to nothing before it sends.

    Raises:
        ChannelUnavailable: as `load` does, or if a setting is not accepted.
    """
    if _standing_in:
        return _standing_in[-1](name, config)
    kind = load(config.kind)
    try:
        settings = kind.settings.model_validate(config.model_extra or {})
    except ValidationError as error:
        raise ChannelUnavailable(*_bad_settings(name, config.kind, error)) from None
    return kind(name, settings, root)


StandIn = Callable[[str, ChannelConfig], Channel]
_standing_in: list[StandIn] = []


@contextmanager
def replaced_by(stand_in: StandIn) -> Iterator[None]:
    """Let `stand_in` open every channel of this process while inside: nothing else can leave.

    A test of a user's procedures goes through all of the program; whatever part of it asks for a
    channel gets this one, in whichever thread.
    """
    _standing_in.append(stand_in)
    try:
        yield
    finally:
        _standing_in.remove(stand_in)


def _bad_settings(name: str, kind: str, error: ValidationError) -> list[Diagnostic]:
    return [
        Diagnostic(
            codes.BAD_SETTING,
            facts={
                "channel": name,
                "kind": kind,
                "setting": ".".join(str(part) for part in found["loc"]) or kind,
                "reason": found["msg"].removeprefix("Value error, "),
            },
        )
        for found in error.errors(include_input=False, include_url=False)
    ]


@cache
def _points() -> dict[str, tuple[EntryPoint, ...]]:
    """Return the entry points by kind; one distribution found twice on the path counts once."""
    by_kind: dict[str, tuple[EntryPoint, ...]] = {}
    for point in entry_points(group=GROUP):
        by_kind[point.name] = (*by_kind.get(point.name, ()), point)
    return {kind: _distinct(points) for kind, points in by_kind.items()}


def _distinct(points: tuple[EntryPoint, ...]) -> tuple[EntryPoint, ...]:
    if len(points) == 1:  # as a rule; to read the names of distributions takes time
        return points
    return tuple({(point.value, _distribution(point)): point for point in points}.values())


def _loaded(point: EntryPoint) -> type[Channel]:
    try:
        found = point.load()
    except Exception as error:  # whatever a third party's module raises when it is imported
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    lacking = _lacking(found)
    if lacking:
        raise _broken(point, f"it lacks {lacking}")
    return cast("type[Channel]", found)


def _lacking(found: object) -> str:
    """Return what a channel must have and `found` has not; "" when it has all."""
    if not isinstance(found, type):
        return "a class"
    model = getattr(found, "settings", None)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return "settings"
    if not isinstance(getattr(found, "capabilities", None), Capabilities):
        return "capabilities"
    methods = ("send", "close")
    return ", ".join(name for name in methods if not callable(getattr(found, name, None)))


def _broken(point: EntryPoint, reason: str) -> ChannelUnavailable:
    name, version = _distribution(point)
    facts = {"kind": point.name, "reason": reason, "distribution": name, "version": version}
    return ChannelUnavailable(Diagnostic(codes.BROKEN, facts=facts))


def _distribution(point: EntryPoint) -> tuple[str, str]:
    return (point.dist.name, point.dist.version) if point.dist else (point.value, "?")
