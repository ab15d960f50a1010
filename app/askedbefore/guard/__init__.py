"""Notice when a question may be a cry for help, before anything is looked up. Nothing of it is kept."""
