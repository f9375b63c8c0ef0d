"""The what-if page. It holds no economics: every number comes from a record's indicators."""
