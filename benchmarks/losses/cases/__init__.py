"""What is done to the designs, one circumstance to a file: the same to the usual ones and to ours."""
