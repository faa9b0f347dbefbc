"""The pure heart of Bantin: types and judgements over values. Imports nothing of the project outside itself."""
