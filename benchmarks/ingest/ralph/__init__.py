"""Ralph LRS beside us: a server process of its own, from a virtual environment of its own, that stores nothing."""
