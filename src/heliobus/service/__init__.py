"""What runs for years: configuration, pollers, hub, gatekeeper, and the supervisor that holds them together."""
