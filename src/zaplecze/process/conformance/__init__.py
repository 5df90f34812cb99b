"""Does the work follow the written procedure, and where not?"""
