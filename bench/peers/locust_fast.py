"""Locust's FastHttpUser, as bench/users/fast.ts."""

from locust import FastHttpUser, task

PAYLOAD = {
    "text": "The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features",
    "lang": "en",
    "top_k": 3,
    "explain": False,
}


class Visitor(FastHttpUser):
    @task(3)
    def predict(self):
        self.client.post("/predict", json=PAYLOAD)

    @task(1)
    def home(self):
        self.client.get("/")
