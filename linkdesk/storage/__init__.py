"""The database: SQL tables, repositories, encryption and migrations."""
