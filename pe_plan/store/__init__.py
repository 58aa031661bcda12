"""The plan folder: the state as plan.toml, and several files written as one."""

from pe_plan.store.decoding import decode
from pe_plan.store.encoding import encode
from pe_plan.store.folder import PLAN, read, write

__all__ = ["PLAN", "decode", "encode", "read", "write"]
