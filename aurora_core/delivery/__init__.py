"""How an alert reaches someone: rules are looked at, messages kept until a channel has taken them."""
