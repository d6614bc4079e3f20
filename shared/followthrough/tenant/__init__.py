"""The tenant language: models, positions, expressions, tables, templates."""
