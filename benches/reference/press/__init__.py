"""Articles of a press."""
