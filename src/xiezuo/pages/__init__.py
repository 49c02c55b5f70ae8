"""Pages: what people see of the warehouse in a browser. In comes who asks for what, out goes HTML; writes nothing."""
