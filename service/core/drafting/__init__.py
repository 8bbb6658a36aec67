"""A first story file drafted from an article."""
