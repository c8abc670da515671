"""The usual way, to measure beside: a ModelSerializer with many=True and bulk_create, as most teams would write it."""
