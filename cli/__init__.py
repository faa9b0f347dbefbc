"""`bantin`: one verb a file. A verb imports what it needs when it runs, so that `bantin --help` answers at once."""
