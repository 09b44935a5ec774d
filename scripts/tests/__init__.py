"""Tests of what counts and reports: a wrong sum would hide a failure."""
