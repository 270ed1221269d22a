"""How often a stranger may knock: counted in MongoDB, the same for every worker."""
