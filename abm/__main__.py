"""`python -m abm` is the command line."""

from abm.cli import main

if __name__ == "__main__":
    main()
