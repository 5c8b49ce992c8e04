"""Exposure: do items stand out among fresh texts of the same form?"""
