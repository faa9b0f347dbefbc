"""Where Bantin goes: the catalogue of sites (sites/*.toml), and the one spider that reads any of them."""
