"""The pages on which a person shows who they are, once their address is confirmed."""
