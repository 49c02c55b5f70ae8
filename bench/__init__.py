"""How fast the pipeline is, as ratios to what nobody can beat on the same machine; see bench/README.md."""
