"""``python -m zaplecze``: the command line."""

import sys

from zaplecze.cli import main

sys.exit(main())
