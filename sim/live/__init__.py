"""What moves under the hand: the widgets of notebooks."""
