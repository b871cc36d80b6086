"""How an alert reaches someone: rules are looked at, messages kept until a channel has taken them."""

from aurora_core.delivery.delivery import Delivery, Round
from aurora_core.delivery.settings import channels_of, delivery_of

__all__ = ["Delivery", "Round", "channels_of", "delivery_of"]
