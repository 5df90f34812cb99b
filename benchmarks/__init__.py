"""What things take, as ratios to a named peer in the same run: machines differ, ratios less."""
