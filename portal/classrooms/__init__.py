"""The classroom: a homepage that a class sets, and quiz rounds in which nobody has a name."""
