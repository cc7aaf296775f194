"""The command line: parse, call one service, print its answer. One file per command."""
