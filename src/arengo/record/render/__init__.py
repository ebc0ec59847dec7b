"""A document of the record as a file: PDF, DOCX, subtitles."""
