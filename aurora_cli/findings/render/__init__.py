"""Report to text, one file per format, named as the format. A renderer neither counts nor opens files."""
