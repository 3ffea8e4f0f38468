"""`simulator clean`: delete a simulator's groups from a Pushgateway."""

import click

from simulator.cli.push_options import pushgateway_option

__all__ = ["clean"]


@click.command()
@pushgateway_option
def clean(*, pushgateway: str, instance: str) -> None:
    """Delete the groups that a simulator of this instance left in a Pushgateway."""
    from simulator.http.endpoint import Endpoint
    from simulator.pushing.gateway import PUSHGATEWAY, Pushgateway

    with Pushgateway(Endpoint.from_environment(pushgateway, of=PUSHGATEWAY)) as gateway:
        deleted = gateway.delete_groups_of(instance)
    click.echo(f"{deleted} group{'' if deleted == 1 else 's'} of {instance!r} deleted")
