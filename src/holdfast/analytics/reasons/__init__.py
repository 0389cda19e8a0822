"""The reasons of the sources, one file each: how a company is measured by it, and what to do first."""
