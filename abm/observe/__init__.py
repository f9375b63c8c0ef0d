"""Measuring: the recorder fills a record quarter by quarter; indicators are functions of the record alone."""
