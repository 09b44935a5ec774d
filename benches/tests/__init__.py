"""Tests of what reads and compares measurements."""
