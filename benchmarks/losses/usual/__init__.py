"""The usual designs, one to a file, each as its library's own pages show it, as a program that can be killed."""
