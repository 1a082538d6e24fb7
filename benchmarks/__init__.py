"""What the program costs, measured as CPU time and as ratios to a bare page in the same run."""
