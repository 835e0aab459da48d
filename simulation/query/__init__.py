"""SQL over results and sweeps, in a database that sees their files and nothing else. Only the command line imports this."""
