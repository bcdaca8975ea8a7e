"""Publishing: pages made from executed notebooks, what has changed in them, and the place where readers find them."""
