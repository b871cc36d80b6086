"""How messages leave: HTTP and SMTP within a time limit. Imported only when something is sent."""
