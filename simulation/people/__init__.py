"""The people side alone: policies side by side over replications, their tables, summary and pictures."""
