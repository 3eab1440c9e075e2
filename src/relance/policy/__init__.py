"""What the user wrote: the policy's types, its YAML with positions, its checks."""
