"""Lambda handlers made from plain functions: the outermost layer, where errors become HTTP answers or retries."""
