"""`python -m pe_plan`."""

from pe_plan.cli import main

if __name__ == "__main__":
    main()
