"""Other people's frameworks, translated: their signals in, our events out. They decide nothing."""
