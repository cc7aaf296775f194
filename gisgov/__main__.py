"""``python -m gisgov`` and the program ``gisgov``."""

from __future__ import annotations

from gisgov.paths import add_rooms


def main() -> None:
    """Run the command line."""
    add_rooms()
    from gisgov.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
