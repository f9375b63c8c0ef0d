"""How fast the engine is on this machine, measured side by side with what a user would otherwise write."""
