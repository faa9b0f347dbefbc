"""What keeps an eye on the sites for whoever schedules them: their health, alerts, and what operators ask."""
