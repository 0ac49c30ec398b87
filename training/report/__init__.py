"""Pictures and pages to look at: contact sheets, close-ups, gallery, evaluation page, CLIP scores."""
