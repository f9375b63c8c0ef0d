"""The whole model, simplified by a scenario's parameters, against the theorem it must then equal."""
