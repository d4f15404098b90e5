"""Locust's MqttUser as bench/users/mqtt.ts: publishes to its own topic and waits until the message comes back."""

import json
import os
from itertools import count
from urllib.parse import urlsplit

import gevent
from gevent.event import Event
from locust import task
from locust.contrib.mqtt import MqttUser

QOS = int(os.environ["BENCH_QOS"])
PAYLOAD = {
    "text": "The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features",
    "lang": "en",
    "top_k": 3,
    "explain": False,
}
TEXT = json.dumps(PAYLOAD, separators=(",", ":"))
numbers = count()


class Visitor(MqttUser):
    def __init__(self, environment):
        address = urlsplit(self.host)
        self.host, self.port = address.hostname, address.port
        super().__init__(environment)
        self.topic = f"bench/{next(numbers)}"
        self.came = Event()

    def on_start(self):
        with gevent.Timeout(20):
            while not self.client.is_connected():
                gevent.sleep(0.05)
        self.client.on_message = lambda *_: self.came.set()
        self.client.subscribe(self.topic, QOS)
        gevent.sleep(0.5)

    @task
    def exchange(self):
        self.came.clear()
        self.client.publish(self.topic, TEXT, QOS)
        if not self.came.wait(5):
            self.environment.events.request.fire(
                request_type="MQTT",
                name="exchange",
                response_time=5000,
                response_length=0,
                exception=TimeoutError("nothing came back"),
                context={},
            )
