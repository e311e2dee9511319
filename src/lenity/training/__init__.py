"""Fitting: how models learn from rows. Scoring never needs it."""

import os

# Threads that wait do so asleep. On a machine with other work, spinning made a fit of 20 seconds one of two
# minutes; this is read when the libraries are loaded, so it is said before any of them is.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
