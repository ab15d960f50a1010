"""Break it on purpose: kill it, fill its disk, damage its files, take its memory; and see that readers are answered.

    python -m scripts.faults                    all scenarios, as docs/reliability.md has them
    python -m scripts.faults killed_rebuild     one of them
    python -m scripts.faults --share 0.05       a twentieth of each

A model without weights takes the place of the real one. Each scenario is a function; it returns what it measured and
raises AssertionError at the first thing that is not as it must be. It needs Linux, and what the tests need.
"""
