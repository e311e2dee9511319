"""Settings, addresses and servers: the only floor that knows how this installation is set up."""
