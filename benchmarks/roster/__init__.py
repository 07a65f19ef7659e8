"""How long a large roster takes to import, and whether every broken row is named."""
