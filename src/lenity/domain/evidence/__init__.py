"""An append-only Merkle log (RFC 6962)."""
