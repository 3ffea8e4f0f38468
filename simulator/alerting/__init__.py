"""Alert rules over recorded time: when each of their alerts is pending and when it fires."""
