"""`simulator locustfile`: where an installation has what Locust runs."""

import click

from simulator.installation import locustfile as file_of

__all__ = ["locustfile"]


@click.command()
@click.option("--shape", is_flag=True, help="With the load shape that follows the scenario.")
def locustfile(*, shape: bool) -> None:
    """Print what `locust -f` takes: locust -f "$(simulator locustfile)" --users 20."""
    names = ("scoring.py", "shape.py") if shape else ("scoring.py",)
    click.echo(",".join(str(file_of(name)) for name in names))
