"""What the page draws by its own code, beside what libraries would draw of the same content."""
