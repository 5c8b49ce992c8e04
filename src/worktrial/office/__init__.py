"""A mock office: its content, its tools and the ways to them; it knows no trial."""
