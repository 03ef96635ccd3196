"""An engine killed again and again in a graph; every start of a node accounted for."""
