// The desk: what is loaded with every page of it.
