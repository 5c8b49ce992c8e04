"""One module or package per domain; each offers `DOMAIN`."""
