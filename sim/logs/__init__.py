"""Event logs without the anatomy of approvals: networks of steps, fitted and simulated."""
