"""Scenario files as written: YAML with places, extended, merged, overridden and checked against a model."""
