"""Trials of a challenger, and a small share of would-be declines approved to learn: as data of a policy.

Both are part of the policy's text, so two people approve them with it and every decision that they touched
replays. Who takes part follows from a hash of seed, name and application id: nobody can choose, anybody can check.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lenity.base import rates
from lenity.base.outcomes import Problem

MODES = ("shadow", "share")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenger model and policy, by fingerprint (empty: the one in force); `share_ppm` is 0 in the shadow."""

    name: str
    seed: str
    share_ppm: int
    model: str
    policy: str


@dataclass(frozen=True, slots=True)
class Exploration:
    """Would-be declines up to a default of `up_to_ppm`, approved at `limit` (whole units) at most."""

    name: str
    seed: str
    share_ppm: int
    up_to_ppm: int
    limit: int


def draw(seed: str, name: str, application: str) -> int:
    """Where an application falls, 0 to 999,999: evenly, and independent from one experiment to another.

    >>> draw("s", "a", "X") == draw("s", "a", "X"), draw("s", "a", "X") == draw("s", "b", "X")
    (True, False)
    """
    text = f"{seed}|{name}|{application}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()) % rates.PPM


def takes_part(one: Trial | Exploration | None, application: str) -> bool:
    """Whether an application falls into the share."""
    return one is not None and draw(one.seed, one.name, application) < one.share_ppm


def read_trial(raw: object) -> tuple[Trial | None, list[Problem]]:
    """The trial of a policy, if it has one."""
    problems = _problems("trial", raw, ("mode", "model", "policy"))
    if raw is None or problems or not isinstance(raw, dict):
        return None, problems
    mode, share = raw.get("mode"), raw.get("share_ppm", 0)
    if mode not in MODES or (mode == "share") != (share > 0):
        says = "mode is shadow without a share, or share with share_ppm above 0."
        problems.append(Problem("policy.trial", says))
    model, policy = raw.get("model", ""), raw.get("policy", "")
    for kind, one in (("model", model), ("policy", policy)):
        if one and not (isinstance(one, str) and FINGERPRINT.fullmatch(one)):
            says = f"{kind} is the fingerprint that `lenity policy keep` printed."
            problems.append(Problem("policy.trial", says))
    if not model and not policy:
        problems.append(Problem("policy.trial", "A challenger has another model, another policy, or both."))
    return (None, problems) if problems else (Trial(raw["name"], raw["seed"], share, model, policy), [])


def read_exploration(raw: object) -> tuple[Exploration | None, list[Problem]]:
    """The exploration of a policy, if it has one."""
    problems = _problems("exploration", raw, ("up_to_ppm", "limit"))
    if raw is None or problems or not isinstance(raw, dict):
        return None, problems
    for key in ("share_ppm", "up_to_ppm", "limit"):
        if type(raw.get(key)) is not int or raw[key] <= 0:
            problems.append(Problem("policy.exploration", f"{key} is a whole number above 0."))
    if problems:
        return None, problems
    keys = ("name", "seed", "share_ppm", "up_to_ppm", "limit")
    return Exploration(**{key: raw[key] for key in keys}), []


def _problems(kind: str, raw: object, keys: tuple[str, ...]) -> list[Problem]:
    if raw is None:
        return []
    if not isinstance(raw, dict):
        return [Problem(f"policy.{kind}", f"{kind} is a table.", f"Write [{kind}].")]
    known = ("name", "seed", "share_ppm", *keys)
    problems = [
        Problem(f"policy.{kind}", f"{key} is not a key.", f"Keys: {', '.join(known)}.")
        for key in raw
        if key not in known
    ]
    return problems + _common(kind, raw)


def _common(kind: str, raw: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for key in ("name", "seed"):
        value = raw.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
            problems.append(Problem(f"policy.{kind}", f"{key} is a text of 1 to {LONGEST_NAME} signs."))
    share = raw.get("share_ppm", 0)
    if type(share) is not int or not 0 <= share <= rates.PPM // 2:
        says = f"share_ppm is a whole number from 0 to {rates.PPM // 2:,}."
        problems.append(Problem(f"policy.{kind}", says))
    return problems
