"""The carriers of a touch, one file each: the only code that reaches a customer."""
