"""`python -m abm` is the command line."""

from abm.cli import main

main()
