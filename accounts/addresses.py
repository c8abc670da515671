"""Where a request comes from, as far as that can be known."""

from ipaddress import ip_address

from django.conf import settings


def client_address(request) -> str:
    """The socket's peer; behind trusted proxies, the nearest address that is none of theirs.

    X-Forwarded-For is read from the right, where the trusted proxies wrote, and no further than they vouch
    for it: whatever a client put in front is never reached.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and _is_trusted(address):
        hop = hops.pop().strip()
        if not _is_address(hop):
            break
        address = hop
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in settings.MEDSIM_TRUSTED_PROXIES)
