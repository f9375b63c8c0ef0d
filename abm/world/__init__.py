"""The state: what exists. Views read it; only `abm.dynamics` writes it, and only `genesis` makes it."""
