"""A live round as it is held: where and when, the drawn order, the door, the stage and its screen."""
