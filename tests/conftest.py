"""Tests run on whatever machine there is: slow, busy, or with signals that are ignored."""

import signal

from hypothesis import HealthCheck, settings

# How long an example takes says nothing of what it shows.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Whoever starts the tests in the background may ignore signals, and every process under test would inherit that.
for _name in ("SIGINT", "SIGHUP", "SIGQUIT", "SIGTERM"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)
