"""Where staff can go: pages in groups, by role, as the navigation shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A page of the navigation: the tab that is current on it, its address, who sees it, its name."""

    tab: str
    address: str
    roles: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Group:
    """Pages that belong together. With one page only, the group is a plain link to it."""

    name: str
    entries: tuple[Entry, ...]

    def holds(self, tab: str) -> bool:
        """Whether this page is one of the group's."""
        return any(one.tab == tab for one in self.entries)


_OPERATIONS = ("operations",)
_COMPLIANCE = ("compliance",)
GROUPS = (
    Group(
        "Desk",
        (
            Entry("work", "/work/", ("collector",), "Workbench"),
            Entry("beyond", "/beyond/", ("supervisor",), "Beyond the authority"),
        ),
    ),
    Group(
        "Operations",
        (
            Entry("operations", "/operations/", _OPERATIONS, "Today"),
            Entry("payments", "/operations/payments/", _OPERATIONS, "Payments received"),
            Entry("bank", "/operations/bank/", _OPERATIONS, "Bank files"),
            Entry("book", "/operations/book/", _OPERATIONS, "Book import"),
            Entry("suspense", "/suspense/", _OPERATIONS, "Suspense"),
            Entry("offers", "/offers/", ("operations", "supervisor"), "Offers"),
            Entry("changes", "/changes/", _OPERATIONS, "Two people"),
            Entry("bulk", "/bulk/", ("operations", "compliance"), "Bulk"),
        ),
    ),
    Group(
        "Compliance",
        (
            Entry("compliance", "/compliance/", _COMPLIANCE, "Overview"),
            Entry("concerns", "/concerns/", _COMPLIANCE, "Concerns"),
            Entry("findings", "/compliance/findings/", _COMPLIANCE, "Findings"),
            Entry("impostors", "/compliance/impostors/", _COMPLIANCE, "Impostors"),
            Entry("look_ups", "/compliance/look-ups/", _COMPLIANCE, "Look-ups"),
            Entry("rules", "/compliance/rules/", _COMPLIANCE, "Rulebook"),
        ),
    ),
    Group("Risk", (Entry("risk", "/risk/", ("risk",), "Risk"),)),
    Group("Management", (Entry("management", "/management/", ("manager",), "Management"),)),
    Group("System", (Entry("administration", "/administration/", ("administrator",), "System"),)),
)
WORDS = {
    "menu": {one: one for group in GROUPS for one in (group.name, *(entry.name for entry in group.entries))}
}


def of(roles: Collection[str]) -> list[Group]:
    """The groups of somebody with these roles, each with the pages that she may see."""
    found = [
        Group(group.name, tuple(one for one in group.entries if set(one.roles) & set(roles)))
        for group in GROUPS
    ]
    return [one for one in found if one.entries]
