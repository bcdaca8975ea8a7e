"""Site: pages, their list, index and downloads, and what has changed since they were last published."""
