"""Tables in a cluster: Spark draws a sample of the rows, and adds up what is counted over all of them."""
