"""The store: SQL tables, repositories, encryption and migrations."""
