"""Travel times from every populated place of the United States to the places that matter."""
