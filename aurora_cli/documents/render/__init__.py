"""Document to text, one file a form. A renderer neither counts nor opens files."""
