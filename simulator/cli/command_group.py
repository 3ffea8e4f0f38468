"""Groups of commands that say which one was probably meant."""

import click

from simulator.quoting import quoted
from simulator.spelling import did_you_mean

__all__ = ["CommandGroup"]


class CommandGroup(click.Group):
    """A group; a misspelt command's error names the nearest one.

    click itself does that from version 8.4 on, and only among commands that are loaded.
    """

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first, and the arguments left for it."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            ctx.fail(f"No such command {quoted(args[0])}{did_you_mean(args[0], known)}")
        return super().resolve_command(ctx, args)
