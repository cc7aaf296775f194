"""Write the description of the service where the types of the pages are made from it.

``python -m scripts.write_openapi web/node_modules/openapi.json``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from api.app import create_app
from gisgov.config import Settings

if __name__ == "__main__":
    # nobody asks that database: the description is the same whatever stands in it
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
    Path(sys.argv[1]).write_text(json.dumps(app.openapi()), encoding="utf-8")
