"""Quote, prepare, accept: the only way to a prompt and its price, for every face."""
