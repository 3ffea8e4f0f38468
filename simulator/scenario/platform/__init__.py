"""What a scoring platform is made of: sizes, habits, and what its people call its parts."""
