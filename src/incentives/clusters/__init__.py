"""A registry that is spread over machines: the same answers inside Spark, Dask or Ray."""
