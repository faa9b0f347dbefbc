"""Everything that is kept, in MongoDB: one module a collection, and the embedded mongod for who has no server."""
