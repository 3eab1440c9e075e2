"""Channels: adapters that carry messages. Loaded by entry point, ours like a third party's."""
