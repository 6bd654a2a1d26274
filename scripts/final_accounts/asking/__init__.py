"""What a release is asked: what was found in a report, where a figure is printed, what is known of it."""
