"""What a run leaves: report, model card, figures and the folder they stay in."""
