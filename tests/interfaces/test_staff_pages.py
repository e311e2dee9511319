"""What every page of staff has: a navigation by role, and tables whose cells know their column."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from lenity.gateways import clock
from lenity.interfaces.shared import staff_menu
from tests import factories, world


def shown(table: str) -> str:
    return Template("{% load staff %}{% stacked %}" + table + "{% endstacked %}").render(Context())


def test_a_cell_of_a_wide_table_knows_its_column() -> None:
    head = "".join(f'<th scope="col">{one}</th>' for one in ("A", 'B "b"', "C", "D"))
    text = shown(
        f'<table class="dense"><thead><tr>{head}</tr></thead><tbody>'
        '<tr><th scope="row">1</th><td class="num">2<br>two</td><td colspan="2">3</td></tr></tbody></table>'
    )
    assert '<th role="rowheader" data-label="A" scope="row"><div>1</div></th>' in text
    assert '<td role="cell" data-label="B &quot;b&quot;" class="num"><div>2<br>two</div></td>' in text
    assert '<td role="cell" data-label="" colspan="2"><div>3</div></td>' in text
    assert (text.count('role="row"'), text.count('role="columnheader"')) == (2, 4)


def test_a_slim_or_another_table_stays_as_it_is() -> None:
    slim = "<thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    assert shown('<table class="dense">' + slim) == '<table class="dense slim">' + slim
    assert shown('<table class="dense heat">' + slim) == '<table class="dense heat">' + slim


def test_the_menu_shows_what_the_roles_open_and_nothing_else() -> None:
    assert staff_menu.of([]) == []
    found = staff_menu.of(["compliance"])
    assert [group.name for group in found] == ["Operations", "Compliance"]
    assert [one.tab for one in found[0].entries] == ["bulk"]


@pytest.mark.django_db
def test_every_entry_of_the_menu_opens_and_is_current() -> None:
    with clock.use(clock.ManualClock(factories.MORNING)):
        world.build()
        client = world.as_staff(*world.ROLES, name="all")
        for group in staff_menu.of(world.ROLES):
            for one in group.entries:
                text = client.get(one.address).content.decode()
                assert f'<a href="{one.address}" aria-current="page">' in text, one.address
