"""The demo: a generated district taken through the whole path, from files to maps (`journey.run_demo`).

It stands above services and maps and uses both as anyone would: every step is a call that the command line
or the HTTP service could make as well.
"""
