"""The work list of contact points."""
