"""Measurements, each run by one command; see README.md beside this file."""
