"""Integration layer: ports, one file per adapter, HTTP and credentials."""
