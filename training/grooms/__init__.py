"""The embedded grooms: guides of hair, beards, brows and lashes on the template, grown in their styles' volumes."""
