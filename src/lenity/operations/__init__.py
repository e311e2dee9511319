"""One thing that happens is one module, one public function, one transaction, one audit event."""
