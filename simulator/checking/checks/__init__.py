"""The checks, one file for each kind; `simulator.checking.check` lists them."""
