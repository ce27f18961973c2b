"""Training on a table that somebody sends: jobs in a child process, REST, and the tab Your data."""
