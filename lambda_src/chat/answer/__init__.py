"""What is sent back: upstream's bytes, read in time, cut into events, relayed with heartbeats, ended in order.

Takes any source of bytes (`background.Source`); knows nothing of who the model is. What upstream says is
understood by a `relay.Watch`, one for each API. Begin with `relay.py`.
"""
