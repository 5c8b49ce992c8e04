"""Documents as units: parsing, likeness, edits, hand-over, one module or package a domain."""
