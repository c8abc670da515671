"""What runs by the clock: declared in one table, run by `manage.py run_jobs`."""
