"""Spiders for sites that no site file can describe. It is empty, and should stay so."""
