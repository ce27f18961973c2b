"""Why a customer is in a segment, and what would move them to another one."""
