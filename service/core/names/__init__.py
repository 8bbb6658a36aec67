"""What a name may look like: lent to other languages, heard in another script, misspelt, spelled as a name."""
