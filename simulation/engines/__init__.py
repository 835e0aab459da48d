"""The queueing engines. Both take a month of journeys and a state, and give measures and a state: the same trajectories."""
