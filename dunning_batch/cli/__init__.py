"""Commands: the only place that reads the clock, asks, prints or exits."""
