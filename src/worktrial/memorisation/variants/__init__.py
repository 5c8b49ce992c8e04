"""Fresh variants of items, made by a program: a kind a module, or the reason why there is none."""
