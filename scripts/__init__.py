"""What is run by hand, from a checkout: measuring, learning, pictures."""
