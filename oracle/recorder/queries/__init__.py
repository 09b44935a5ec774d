"""Recorder of queries: descriptions of queries, run by the real ORM over a fixed set of rows. See oracle/README.md."""
