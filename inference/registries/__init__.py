"""Model files from registries: the Hugging Face Hub and MLflow."""
