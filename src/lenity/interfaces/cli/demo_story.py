"""What the demo's steps hand on to each other, and how they speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

HOME_ZONE = "Asia/Shanghai"
MORNING = time(10, 12)


@dataclass
class Story:
    """What the steps hand on to each other."""

    console: Console
    business_date: date
    seed: int
    synthetic: bool
    rows: list[dict[str, str]] = field(default_factory=list)
    held_out: Sequence[Mapping[str, str]] = field(default_factory=list)
    known: Sequence[Mapping[str, str]] = field(default_factory=list)
    model_text: str = ""
    cure_text: str = ""

    def title(self, text: str) -> None:
        self.console.print(f"\n[bold]{text}[/]")

    def say(self, text: str) -> None:
        self.console.print(f"  {text}", highlight=False)

    @property
    def morning(self) -> datetime:
        """10:12 of the business day in the lender's home zone."""
        return datetime.combine(self.business_date, MORNING, tzinfo=ZoneInfo(HOME_ZONE)).astimezone(UTC)


@contextmanager
def bar(story: Story, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar for a step."""
    columns = (TextColumn("  "), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=story.console, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda done: progress.advance(task, done)
