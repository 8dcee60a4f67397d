package dev.heddle.observe.internal.top;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The memory of the last minute, out of which samples are made: one at the end of each round. One thread. */
final class Samples {

    private final RateWindow.Memory<Long> times;
    private final long begun;
    private Map<KindTally, RateWindow.Memory<Figures>> figures = new HashMap<>();
    private int round;

    /** @param now when the watch begins, on the clock of the rounds */
    Samples(long now) {
        begun = now;
        times = new RateWindow.Memory<>(now);
        times.put(0, now);
    }

    /**
     * Ends a round.
     *
     * @param whole whether all tasks are counted
     */
    Sample next(long now, boolean whole, Map<String, Collection<KindTally>> tallies) {
        round++;
        times.put(round, now);
        Map<KindTally, RateWindow.Memory<Figures>> kept = new HashMap<>();
        List<Row> loops = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        tallies.forEach((loop, its) -> {
            Row all = Row.none(loop);
            for (KindTally tally : its) {
                RateWindow.Memory<Figures> memory = figures.getOrDefault(tally, new RateWindow.Memory<>(Figures.NONE));
                kept.put(tally, memory);
                Row row = row(tally, memory);
                all = all.plus(row);
                rows.add(row);
            }
            loops.add(all);
        });
        figures = kept;
        Map<RateWindow, Long> nanos = new EnumMap<>(RateWindow.class);
        for (RateWindow window : RateWindow.values()) {
            nanos.put(window, now - times.atBegin(window, round));
        }
        return new Sample(now - begun, whole, nanos, loops, rows);
    }

    private Row row(KindTally tally, RateWindow.Memory<Figures> memory) {
        var total = new Figures(tally.busy, tally.offloaded.sum(), tally.runs, tally.delay, tally.allocated);
        memory.put(round, total);
        Map<RateWindow, Figures> last = new EnumMap<>(RateWindow.class);
        for (RateWindow window : RateWindow.values()) {
            last.put(window, total.minus(memory.atBegin(window, round)));
        }
        long worst = tally.worstDelay;
        tally.worstDelay = 0;
        return new Row(tally.key.name(), tally.key.label(), tally.tasks, tally.waiting, worst, total, last);
    }
}
