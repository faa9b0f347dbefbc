"""The web app: what was gathered, to read in a browser and to subscribe to. It reads the store and never crawls."""
