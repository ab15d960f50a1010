"""Read the author's own blog from the network into one file of the data folder, politely, and again when it changed."""
