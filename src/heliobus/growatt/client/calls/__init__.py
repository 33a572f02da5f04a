"""The endpoints of each route as methods with typed results, one module per route."""
