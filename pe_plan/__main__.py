"""`python -m pe_plan`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a checkout can be run by any Python
    sys.exit("pe-plan needs Python 3.11 or newer; this is {}.{}".format(*sys.version_info))

from pe_plan.cli import main

if __name__ == "__main__":
    main()
