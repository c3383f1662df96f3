"""`python -m incentives` and the `incentives` command."""

import sys


def main() -> None:
    """Run the command line, or say what to install for it."""
    try:
        from .commands.cli import app  # noqa: PLC0415  # the extra may be missing
    except ModuleNotFoundError as error:
        if error.name not in {"rich", "typer"}:
            raise
        sys.stderr.write(
            f"incentives: the command line needs {error.name}: "
            "pip install 'incentives[cli]'\n"
        )
        sys.exit(2)
    app(prog_name="incentives")


if __name__ == "__main__":
    main()
