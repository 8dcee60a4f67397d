"""What grequests is, requests in greenlets, where it is not installed; the little of it that the document uses."""

from gevent import monkey

monkey.patch_all()
import gevent
import requests


def get(url, **options):
    return lambda: requests.get(url, **options)


def map(calls):
    def send(call):
        try:
            return call()
        except requests.RequestException:
            return None

    greenlets = [gevent.spawn(send, call) for call in calls]
    gevent.joinall(greenlets)
    return [greenlet.value for greenlet in greenlets]
