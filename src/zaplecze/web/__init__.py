"""The web application: it stores, shows and downloads; the library does the computing."""
