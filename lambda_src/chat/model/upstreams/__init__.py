"""One module for each kind of upstream, each a `chat.model.service.Service`; only the one in use is imported."""
