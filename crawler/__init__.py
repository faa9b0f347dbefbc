"""Scrapy's glue: it calls the spider, the intake and the store in order, and holds no rule about news."""
