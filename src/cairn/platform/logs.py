"""What may stand in a log: routes, not addresses, which may hold the token of a link."""

import logging


class RouteOnly(logging.Filter):
    """Names the route of a request in place of its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)  # Django attaches it
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "an address without a page"
            record.args = tuple(route if value == path else value for value in record.args)
        return True
