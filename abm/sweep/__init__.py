"""Parameter sweeps: studies over many points and seeds, kept run by run, from a laptop to a cluster.

Example:
    >>> from abm.sweep import load_study, run_study  # doctest: +SKIP
    >>> store = run_study(load_study("study.toml"), "out/study")  # doctest: +SKIP
    >>> store.table().to_pandas()  # doctest: +SKIP
"""
