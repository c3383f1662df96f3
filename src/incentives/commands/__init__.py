"""The `incentives` command."""
