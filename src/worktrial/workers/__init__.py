"""Who is on trial: the embedded model, and the provider through which reference workers speak."""
