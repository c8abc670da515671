"""The only writer of cohort and site counts: finds the days that changed and counts each anew, as a whole."""
