"""The contest file, version 1: its schema, its checks, its reader and its writer."""
