"""The state machine: states, moves, who may make which, and the one door through which every state changes."""
