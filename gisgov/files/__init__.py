"""Files in and out: vector layers, tables of points, and which coordinate system they are in. No SQL here."""
