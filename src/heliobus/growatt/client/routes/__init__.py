"""The ways to an account's data, one module per route, each with ``connect(access)``; loaded when first used."""
