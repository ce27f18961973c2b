"""The words of training: its stages and its problems."""

from __future__ import annotations

READING = "Reading the file"
SCORING = "Giving each customer a segment"
FAULT = "The training could not run; the fault is not in the file. Try again later."
OFF = "Training must be on for this, but it is off; start the app with TRAINING=on."
NOT_INSTALLED = (
    "Training needs the trainer's libraries, but {name} is not installed here; install them where the app "
    "runs with `{command}`, and start it again."
)
NOT_HERE = "Training needs Linux or macOS, which can limit a process, but this system cannot."
ENDS = {  # how a child process ended -> in a sentence
    "stopped": "The training was cancelled; its files are removed.",
    "time": (
        "A training may take {seconds} seconds here, but this one takes longer; send fewer rows or columns."
    ),
    "memory": (
        "A training may use {memory} MB of memory here, but this one needs more; send fewer rows or columns."
    ),
    "crashed": (
        "The trainer stopped without a result. Check the file, or train on it by the command line, which "
        "says why."
    ),
}
YOURS = "At most {most} of your trainings may wait or run, but there are as many; wait for one, or cancel it."
EMPTY = "The file must have a table in it, but it is empty; send another."
NO_JOB = "No training has this id; it may be forgotten, because results are kept for a while only."
NO_FILE = "A result has the files {names}, but another one is asked for."
NOT_DONE = "The training must be done to have files, but it is {state}."
NOT_SCORED = (
    "The customers could not be given segments, so there is no such file; score the table with the model."
)
NO_COLUMNS = (
    "The part 'roles' of the form must be the answer of /v1/train/roles or its list of columns, but it is "
    "not."
)
NO_NAMES = (
    "names must be an object: the name that a segment has now, and its new name, tier or action, as in "
    '{"Frequent buyers": {"name": "Champions"}}.'
)
NO_JSON = "The part {name!r} of the form must be JSON, but it is not."
NO_QUICK = "quick must be true or false, but it is not."
NO_K = "k must be a whole number from 2 to {most}, but it is not."
NO_ALTERNATIVE = "alternative must be one that a training reported, but it is not."
TWO_OPTIONS = "There must be k or alternative, but both are given; leave one out."
TOO_MANY_COLUMNS = "There must be 1 to {most:,} columns, but there are {count:,}."
GONE = (
    "There must be a result at this address, but there is none any more: results are kept for a while only. "
    "Train again on the tab Your data."
)
