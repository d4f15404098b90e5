"""The same users as in order.ts, for runs of both against one target."""
from locust import HttpUser, constant_pacing, task


class Counted(HttpUser):
    abstract = True
    wait_time = constant_pacing(0.5)

    def on_start(self):
        self.client.post(f"/arrive/{type(self).__name__}")


class Light(Counted):
    @task
    def get(self):
        self.client.get("/light")


class Heavy(Counted):
    weight = 3

    @task
    def get(self):
        self.client.get("/heavy")


class Failing(Counted):
    @task
    def get(self):
        self.client.get("/fail")


class Timed(Counted):
    fixed_count = 2
    count = 0

    @task
    def tell(self):
        self.count += 1
        self.environment.events.request.fire(
            request_type="TELL",
            name="times",
            response_time=987 if self.count % 10 == 0 else 103,
            response_length=10,
            exception=None,
            context={},
        )
