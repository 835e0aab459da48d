"""Queueing theory: waits and abandonment of queues with Poisson arrivals and exponential service and patience.

Rates are per minute, times in minutes. Written from the balance equations, without a line of the program.
Erlang 1917 (C); Palm 1946 and Garnett, Mandelbaum and Reiman 2002 (A); Cobham 1954 (priorities).
"""

from dataclasses import dataclass
from math import exp, factorial, log


@dataclass(frozen=True)
class Queue:
    """`servers` servers, each serving at rate `service`; customers arrive at rate `arrival`."""

    arrival: float
    service: float
    servers: int

    @property
    def load(self) -> float:
        """Arrivals per service time (erlangs)."""
        return self.arrival / self.service

    # Customers who wait for ever (Erlang C)

    @property
    def share_waiting(self) -> float:
        """The share of customers who find every server busy."""
        load, c = self.load, self.servers
        last = load**c / factorial(c) * c / (c - load)
        return last / (sum(load**n / factorial(n) for n in range(c)) + last)

    @property
    def mean_wait(self) -> float:
        """Mean wait of all customers."""
        return self.share_waiting / (self.servers * self.service - self.arrival)

    def share_waiting_over(self, minutes: float) -> float:
        """The share of customers who wait longer than that."""
        return self.share_waiting * exp(-(self.servers * self.service - self.arrival) * minutes)

    def wait_quantile(self, share: float) -> float:
        """The wait that `share` of customers do not exceed."""
        waiting = self.share_waiting
        return log(waiting / (1 - share)) / (self.servers * self.service - self.arrival) if 1 - share < waiting else 0.0

    def mean_wait_by_class(self, urgent: float) -> tuple[float, float]:
        """Mean wait of urgent and of other customers, where a share is urgent and goes first, work in hand finished."""
        all_busy = self.share_waiting / (self.servers * self.service)
        urgent_use = urgent * self.load / self.servers
        use = self.load / self.servers
        return all_busy / (1 - urgent_use), all_busy / ((1 - urgent_use) * (1 - use))

    # Customers who give up at rate `giving_up` (Erlang A)

    def numbers_present(self, giving_up: float, most: int = 400) -> list[float]:
        """The chance of each number of customers present, from 0 up, where waiting customers give up."""
        weights = [1.0]
        for n in range(1, most):
            leaving = min(n, self.servers) * self.service + max(0, n - self.servers) * giving_up
            weights.append(weights[-1] * self.arrival / leaving)
        return [weight / sum(weights) for weight in weights]

    def share_abandoning(self, giving_up: float) -> float:
        """The share of customers who give up."""
        present = self.numbers_present(giving_up)
        waiting = sum(max(0, n - self.servers) * p for n, p in enumerate(present))
        return giving_up * waiting / self.arrival

    def mean_wait_of_served(self, giving_up: float) -> float:
        """Mean wait of the customers who are served in the end.

        With j customers ahead in the queue, one waits for the first of: a service ends, one ahead gives up, one gives
        up oneself. `served` and `waited` are the chance of service and the mean wait on the paths that end in service.
        """
        c, full = self.servers, self.servers * self.service
        present = self.numbers_present(giving_up)
        total_served, total_waited = sum(present[:c]), 0.0
        served, waited = 1.0, 0.0
        for j, chance in enumerate(present[c:]):
            rate = full + (j + 1) * giving_up
            forward = (full + j * giving_up) / rate
            served, waited = forward * served, forward * (waited + served / rate)
            total_served += chance * served
            total_waited += chance * waited
        return total_waited / total_served
