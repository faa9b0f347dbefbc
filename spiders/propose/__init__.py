"""A site file proposed from what a home page shows: judgements over pages that cli.survey fetches. Nothing here touches
anything.

The order: who speaks (identity), which addresses are articles' (patterns), which pages list them (listings) and how
their pages are counted (paging), and all of it as a file (sitefile).
"""
