"""Locust's FastHttpUser: one request, then a long wait."""

from locust import FastHttpUser, constant, task


class Visitor(FastHttpUser):
    wait_time = constant(1000)

    @task
    def home(self):
        self.client.get("/")
