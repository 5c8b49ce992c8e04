"""What the instrument costs, as ratios in one run: absolute times are not stable."""
