"""Money, rates, dates, identity numbers, outcomes: plain values that know nothing of the rest."""
