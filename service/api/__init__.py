"""What every interface offers: predictions, schemas, descriptions and errors as plain JSON."""
