"""What every page of staff has: a navigation by role, and tables whose cells know their column."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from lenity.gateways import clock
from lenity.interfaces.shared import staff_menu
from tests import factories, world


def shown(names: str, rows: str, kind: str = "") -> str:
    head = "".join("{% column " + name + " %}" for name in names.split(","))
    text = "{% load tables %}{% table caption " + kind + " %}{% columns %}" + head + "{% endcolumns %}" + rows
    text += "{% endtable %}"
    return Template(text).render(Context({"caption": "What <stops>", "b": 'B "b" &'}))


def test_a_cell_of_a_wide_table_knows_its_column() -> None:
    row = "{% row %}{% name %}1{% endname %}{% cell %}2<br>two{% endcell %}{% cell span=2 %}3{% endcell %}"
    row += "{% endrow %}"
    text = shown('"A",b "num","C","D"', row + row)
    assert text.count('<th role="rowheader" data-label="A" scope="row"><div>1</div></th>') == 2
    label = "B &quot;b&quot; &amp;"
    assert text.count(f'<td role="cell" data-label="{label}" class="num"><div>2<br>two</div></td>') == 2
    assert text.count('<td role="cell" data-label="" colspan="2"><div>3</div></td>') == 2
    assert f'<th role="columnheader" scope="col" class="num">{label}</th>' in text
    assert (text.count('role="row"'), text.count('role="columnheader"')) == (3, 4)
    assert '<table class="dense stacks" role="table">' in text
    assert text.count("What &lt;stops&gt;") == 2, "the region and the caption"


def test_a_slim_table_fits_and_one_of_its_own_kind_is_moved_sideways() -> None:
    row = '{% row %}{% cell "mono" lang="" %}1{% endcell %}{% endrow %}'
    slim = shown('"A" "unseen"', row)
    assert '<table class="dense slim"' in slim
    assert '<th role="columnheader" scope="col"><span class="visually-hidden">A</span></th>' in slim
    assert '<td role="cell" data-label="A" class="mono" lang=""><div>1</div></td>' in slim
    assert '<table class="dense broad"' in shown('"A","B","C","D"', "", '"broad"')


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
