"""Vector tiles: features as arrays in, Mapbox Vector Tiles as bytes out."""
