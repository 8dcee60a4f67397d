package dev.heddle.observe.internal.metrics;

import dev.heddle.Loop;
import dev.heddle.LoopStatistics;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopSight;
import java.util.List;

/** The metrics of loops, by their names; loops of one name are added up. */
final class LoopMetrics {

    private LoopMetrics() {}

    static void addTo(List<Metric> all, Totals totals) {
        var alive = Metric.gauge("heddle.loop.tasks", "", "Tasks that have not ended.");
        var ready = Metric.gauge("heddle.loop.ready", "", "Tasks and callbacks that could run now.");
        var timers = Metric.gauge("heddle.loop.timers", "", "Timers that are set.");
        for (Loop loop : Kernel.hasBegun() ? Kernel.get().loops() : List.<Loop>of()) {
            LoopSight sight = Kernel.get().look(loop);
            LoopStatistics now = sight.statistics();
            Labels labels = Labels.NONE.with("heddle.loop.name", sight.name());
            totals.hear(loop, "heddle.loop.turns", "Turns of the loop.", labels, (double) now.turns());
            totals.hear(loop, "heddle.loop.resumes", "Tasks and callbacks that were resumed.", labels,
                    (double) now.ran());
            totals.hear(loop, "heddle.loop.polls", "Times the engine was asked for I/O.", labels, (double) now.polls());
            totals.hear(loop, "heddle.loop.tasks.spawned", "Tasks that were spawned.", labels, (double) now.spawned());
            alive.add(labels, now.aliveTasks());
            ready.add(labels, now.readyItems());
            timers.add(labels, now.timers());
        }
        all.addAll(List.of(alive.build(), ready.build(), timers.build()));
    }
}
