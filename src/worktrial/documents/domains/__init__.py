"""One module per domain; each offers `DOMAIN`."""
