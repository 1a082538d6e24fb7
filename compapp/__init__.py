"""compapp: the whole life of student start-up idea contests, from the first entry to mentoring."""
