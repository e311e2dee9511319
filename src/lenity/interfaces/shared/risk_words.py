"""What pages about scores and cures say in words of their own."""

from __future__ import annotations

WORDS = {
    "stability": {
        "steady": "steady",
        "look": "look closer",
        "moved": "the population has moved",
        "unknown": "too few rows",
    },
    "model_use": {
        "default": "How likely an applicant defaults",
        "cure": "How likely a late loan is still late one step on",
    },
    "contacts_of": {
        "by_lot": "none: they were left alone by lot",
        "unknown": "unknown: as the lender treated them",
    },
    "trainer": {
        "additive tables learned from averaged boosted trees (interpret-core, LightGBM)": (
            "Additive tables learned from averaged boosted trees (interpret-core, LightGBM)"
        ),
        "scorecard by weight of evidence (optbinning)": "Scorecard by weight of evidence (optbinning)",
    },
    "plot": {
        "psi": "Stability index by month",
        "psi_says": "A line over months; the table has its numbers.",
        "look": "look closer",
        "moved": "moved",
        "tenth": "Tenth",
        "expected": "Expected and seen, by tenth",
        "expected_says": "A dot with its interval is what was seen, an upright stroke what was expected.",
        "groups": "Approvals of each group beside the group approved most",
        "groups_says": "A dot with its interval for each group; upright lines at four fifths and at equal.",
        "four_fifths": "four fifths",
        "equal": "equal",
        "frontier": "Impact ratio of each alternative",
        "frontier_says": "A dot for each alternative; the table has its AUC and what changes.",
        "as_is": "The score as it is",
        "alternative": "Alternative",
        "hazard_month": "Cured in each month late",
        "hazard_week": "Cured in each week late",
        "hazard_says": "A point with its interval for each step; the table has its numbers.",
        "still": "Still late after each step",
        "tenths": "Estimated and seen, by tenth of the score",
        "tenths_says": "A dot is what was seen, an upright stroke what was estimated.",
        "table": "Points of the table",
        "table_says": (
            "A column for each bin, the first for missing, up where points are won against the reference."
        ),
    },
    "bin": {"missing": "missing", "unknown": "not in the list", "any": "any value"},
}
