"""How long each page of the console takes in a clinic of ten thousand patients."""
