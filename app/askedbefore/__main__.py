"""Run the command line as `python -m askedbefore`."""

from askedbefore.cli import main

if __name__ == "__main__":
    main()
