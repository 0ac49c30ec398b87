"""Many heads in one go: rows of a file become folders, in several processes or on a cluster, and none is lost."""
