"""Rules only: no file, network, clock, environment or terminal."""
