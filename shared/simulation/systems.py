"""Every sandbox system there is: whoever plays the whole outside world starts them all."""

from collections.abc import Callable
from datetime import datetime

from simulation.cal_com.server import CalCom
from simulation.exchange import SandboxSystem
from simulation.hubspot.server import HubSpot
from simulation.stripe.server import Stripe
from simulation.twilio.server import Twilio


def all_systems(now: Callable[[], datetime]) -> list[SandboxSystem]:
    """Make one of each, which live by the clock `now`."""
    return [HubSpot(now), CalCom(now), Stripe(now), Twilio(now)]
