"""Sample portals of Vietnamese public administration, served on loopback for the first run, tests and benchmarks.

Nine portals of eight families of markup, each as dirty as the real one, and beside each page its truth: what a reader
would call the article. Nothing here is taken from a real site but the five seed texts; places, people and figures are
invented.
"""
