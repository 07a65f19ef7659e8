"""How long a large audit takes to be looked through, and what noting an act costs."""
