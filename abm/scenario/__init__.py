"""The question: frozen parameters, tables, interventions and the named scenarios that combine them."""
