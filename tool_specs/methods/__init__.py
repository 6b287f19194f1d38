"""REST methods: one file per page of the vendor's documentation."""
