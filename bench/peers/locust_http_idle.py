"""Locust's HttpUser: one request, then a long wait."""

from locust import HttpUser, constant, task


class Visitor(HttpUser):
    wait_time = constant(1000)

    @task
    def home(self):
        self.client.get("/")
