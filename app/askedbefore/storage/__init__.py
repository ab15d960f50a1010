"""The index on disk.

`layout` names its files, `build` writes a new one aside and switches to it, `library` reads the live one.
"""
