"""What we believe: the rules of the product, pure and synchronous."""
