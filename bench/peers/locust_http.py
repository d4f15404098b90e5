"""Locust's HttpUser, as bench/users/http.ts."""

from locust import HttpUser, task

PAYLOAD = {
    "text": "The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features",
    "lang": "en",
    "top_k": 3,
    "explain": False,
}


class Visitor(HttpUser):
    @task(3)
    def predict(self):
        self.client.post("/predict", json=PAYLOAD)

    @task(1)
    def home(self):
        self.client.get("/")
