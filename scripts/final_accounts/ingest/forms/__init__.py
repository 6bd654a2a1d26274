"""The self-evaluation forms of projects."""
