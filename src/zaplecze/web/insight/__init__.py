"""What the work does to customers: workspaces, findings, the process, what was not used."""
