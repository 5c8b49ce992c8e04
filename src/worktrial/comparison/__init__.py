"""What differs between workers: within a run, across two, and across protocols."""
