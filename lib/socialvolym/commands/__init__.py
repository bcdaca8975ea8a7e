"""The subcommands of the command line, a module each or for two of one kind, loaded only when called."""
