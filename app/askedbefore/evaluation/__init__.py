"""Run labelled questions through the program's own way, and say how well it finds and how well it refuses."""
