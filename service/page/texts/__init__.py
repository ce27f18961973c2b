"""Every word of the page that does not come from the model file, by where it is shown."""
