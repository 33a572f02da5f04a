"""The names and the result shapes of older libraries, on top of heliobus: change the import, keep the program."""
