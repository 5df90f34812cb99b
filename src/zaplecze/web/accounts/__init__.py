"""Who may enter: accounts, passwords, one-time login links, each person's language."""
