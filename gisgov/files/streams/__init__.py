"""Files of points of any size, read and written batch by batch: Parquet, GeoParquet, CSV and GeoPackage."""
