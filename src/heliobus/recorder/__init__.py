"""The record: one SQLite file with every sample, and the energies of every quarter of an hour and local day.

``store`` writes (one thread), ``query`` reads, ``export`` hands everything out again.  What a sample means for an
energy is decided in ``energy`` and ``counters``, both without I/O; ``rollup`` applies it to the tables.

Every time on disk is UTC: samples in whole ms, buckets in s.  Every value column of the energy tables is an integer in
thousandths of its unit (mWh, mW, 1/1000 %).
"""
