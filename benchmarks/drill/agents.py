"""The drill as a model of agents in Mesa, as a modeller would write it: the same rules, Python's own luck."""

import heapq
import math
from typing import Any

from mesa import Agent, Model

from khingan.engine.fighting import helmbold_losses

STEP_H, ASSAULT_H, LOSS_A, LOSS_D, HAZARD, NOISE_SD, SUPPLIED_KM = 6.0, 24.0, 0.02, 0.018, 0.3, 0.5, 400.0
losses = getattr(helmbold_losses, "py_func", helmbold_losses)


class Formation(Agent):
    """A formation that marches to its objective, attacks what bars the way and may fall back."""

    def __init__(self, model: "Drill", row: dict[str, Any]) -> None:
        super().__init__(model)
        self.side, self.hours, self.field = row["side"], row["hours"], row["field"]
        self.men, self.quality, self.cell = row["men"], row["quality"], row["start"]
        self.progress, self.heading, self.target = 0.0, None, None
        model.there[self.cell].append(self)

    def step(self) -> None:
        """March for the hours of a step, or name the cell to attack."""
        self.target, left = None, STEP_H
        while left > 0 and self.field is not None and self.cell is not None:
            best, need = self.choose()
            if best is None:
                return
            if self.model.enemies(best, self.side):
                self.target = best
                return
            if self.heading != best:
                self.heading, self.progress = best, 0.0
            if not self.model.km[self.side].get(self.cell, math.inf) <= SUPPLIED_KM:
                need *= 2
            share = min(1 - self.progress, left / need)
            self.progress += share
            left -= share * need
            if self.progress < 1 - 1e-9:
                return
            self.enter(best)

    def choose(self) -> tuple[int | None, float]:
        """The cell that promises the soonest arrival, and the hours to it."""
        best, best_hours, hours = None, math.inf, math.inf
        for edge, beyond in self.model.near[self.cell]:
            if not self.field[beyond] < self.field[self.cell]:
                continue
            need = self.field[beyond] + self.hours[self.cell][edge]
            if self.model.enemies(beyond, self.side):
                need += ASSAULT_H
            elif self.model.men_in(beyond, self.side) + self.men > self.model.room[beyond]:
                continue
            if need < best_hours:
                best, best_hours, hours = beyond, need, self.hours[self.cell][edge]
        return best, hours

    def enter(self, cell: int) -> None:
        """Move to a cell and take it."""
        self.model.there[self.cell].remove(self)
        self.cell, self.progress, self.heading = cell, 0.0, None
        self.model.there[cell].append(self)
        self.model.owner[cell] = self.side


class Drill(Model):
    """The map and the war."""

    def __init__(self, ground: dict[str, Any], rows: list[dict[str, Any]], seed: int) -> None:
        super().__init__(seed=seed)
        self.near, self.cost, self.room, self.cover = (ground[name] for name in ("near", "cost", "room", "cover"))
        self.owner, self.sources = list(ground["owner"]), ground["sources"]
        self.there: list[list[Formation]] = [[] for _ in self.owner]
        self.km: list[dict[int, float]] = [{}, {}]
        self.clock, self.held = 0, []
        for row in rows:
            Formation(self, row)

    def enemies(self, cell: int, side: int) -> bool:
        """Whether the other side stands in a cell."""
        return any(other.side != side for other in self.there[cell])

    def men_in(self, cell: int, side: int) -> float:
        """Men of a side in a cell."""
        return sum(other.men for other in self.there[cell] if other.side == side)

    def step(self) -> None:
        """One step of the war."""
        if self.clock % 4 == 0:
            for side in range(2):
                self.km[side] = self.distances(side)
        self.agents.do("step")
        self.fight()
        if self.clock % 4 == 3:
            self.held.append(self.owner.count(0))
        self.clock += 1

    def distances(self, side: int) -> dict[int, float]:
        """Truck distances over a side's ground (Dijkstra)."""
        km, queue = {}, [(0.0, cell) for cell, owner in self.sources if owner == side and self.owner[cell] == side]
        while queue:
            far, cell = heapq.heappop(queue)
            if cell in km:
                continue
            km[cell] = far
            for edge, beyond in self.near[cell]:
                if beyond not in km and self.owner[beyond] == side:
                    heapq.heappush(queue, (far + self.cost[cell][edge], beyond))
        return km

    def fight(self) -> None:
        """Every attacked cell is one battle."""
        battles: dict[int, list[Formation]] = {}
        for formation in self.agents:
            if formation.target is not None:
                battles.setdefault(formation.target, []).append(formation)
        for cell, attackers in battles.items():
            defenders = [other for other in self.there[cell] if other.side != attackers[0].side]
            self.clash(cell, attackers, defenders)

    def clash(self, cell: int, attackers: list[Formation], defenders: list[Formation]) -> None:
        """One battle: losses by Helmbold's law, then perhaps an end."""
        attack = sum(one.men * one.quality for one in attackers)
        defence = sum(one.men * one.quality * self.cover[cell] for one in defenders)
        if attack <= 0 or defence <= 0:
            return
        days = STEP_H / 24
        noise = math.exp(self.random.gauss(0, NOISE_SD) - 0.5 * NOISE_SD**2)
        loss_a, loss_d = losses(attack, defence, LOSS_A * noise, LOSS_D * noise, 0.5, days)
        for group, loss in ((attackers, loss_a), (defenders, loss_d)):
            for one in group:
                one.men *= 1 - loss
        hazard_a, hazard_d = HAZARD * defence / attack, HAZARD * attack / defence
        ends = self.random.random() < 1 - math.exp(-(hazard_a + hazard_d) * days)
        if ends and self.random.random() * (hazard_a + hazard_d) < hazard_d:
            self.fall_back(cell, defenders)

    def fall_back(self, cell: int, defenders: list[Formation]) -> None:
        """The defenders of a cell go to the best supplied of their own cells beside it, or are lost."""
        side = defenders[0].side
        km = self.km[side]
        free = [
            beyond for _, beyond in self.near[cell]
            if self.owner[beyond] == side and not self.enemies(beyond, side) and beyond in km
        ]  # fmt: skip
        best = min(free, key=km.__getitem__, default=None)
        for one in defenders:
            self.there[cell].remove(one)
            one.cell, one.progress, one.heading = best, 0.0, None
            if best is None:
                one.men = 0.0
            else:
                self.there[best].append(one)
