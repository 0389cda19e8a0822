"""The event log on disk: one Delta table of Parquet files, appended to and compacted, never queried here."""
