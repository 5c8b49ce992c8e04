"""The memorisation gap: is a benchmark's score real, or have its items been met before?"""
