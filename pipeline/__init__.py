"""Moving documents from the inbox to the register."""
