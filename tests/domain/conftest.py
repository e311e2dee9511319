"""With `LENITY_CASES` (one mutant after another, `make mutation`) a failure is enough: it is not made small."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

if "LENITY_CASES" in os.environ:
    settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None)
    settings.load_profile("mutants")
