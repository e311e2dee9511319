"""Pages for risk, operations, compliance and audit staff."""
