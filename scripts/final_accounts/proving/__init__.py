"""How good the warehouse is: generated reports, their prints and errors, and what was found of them."""
