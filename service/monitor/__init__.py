"""Watches the service: requests, answers, and whether customers are still like those in training."""
