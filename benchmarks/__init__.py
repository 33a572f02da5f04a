"""Our figures beside those of the peers: ``python -m benchmarks [NAME ...]``.

Each file here is one group, named as the file, and gives its lines by ``figures()``.  Times are ratios of one run, so
that the machine's mood cancels out: the median of five rounds in which both sides take turns.
"""
