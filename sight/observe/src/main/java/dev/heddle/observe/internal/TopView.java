package dev.heddle.observe.internal;

import dev.heddle.observe.internal.top.Figures;
import dev.heddle.observe.internal.top.Figures;
import dev.heddle.observe.internal.top.RateWindow;
import dev.heddle.observe.internal.top.Row;
import dev.heddle.observe.internal.top.Sample;
import dev.heddle.observe.internal.top.TaskMeter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A view of what the tasks do with their time: a line {@code top} about all, a {@code share} for each loop, and a {@code row} for
 * each kind of tasks, those first that have done the most.
 *
 * <p>Arguments: {@code by} route or name; {@code sort} by busy, runs, delay, allocated, waiting, tasks or name; {@code
 * over} the last 1, 10 or 60 seconds; at most so many {@code rows}. The first request begins the watch, which goes on
 * for who asks again within five seconds, or three times {@code every} milliseconds.
 */
final class TopView implements View {

    /** One for all who watch. */
    private static final TaskMeter METER = new TaskMeter();

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int DEFAULT_ROWS = 50;
    private static final int MAX_ROWS = 10_000;
    private static final long MAX_EVERY_MILLIS = Duration.ofHours(1).toMillis();
    private static final double NANOS = 1e9;

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        boolean byName = request.text("by").orElse("route").equals("name");
        long most = request.number("rows", 1, MAX_ROWS, DEFAULT_ROWS);
        Comparator<Row> order = order(request).thenComparing(row -> shown(row, byName));
        Sample sample = sample(request);
        List<Row> rows = grouped(sample.rows(), byName);
        out.begin("top").put("watched", sample.watchedNanos() / 1_000_000).put("whole", sample.whole());
        out.put("rows", rows.size());
        write(sample.loops().stream().reduce(Row.none(""), Row::plus), Figures::busy, sample, out);
        for (Row loop : sample.loops()) {
            out.begin("share").put("name", loop.name());
            write(loop, Figures::busy, sample, out);
        }
        for (Row row : rows.stream().sorted(order).limit(most).toList()) {
            out.begin("row").put("type", type(row, byName)).put("name", shown(row, byName));
            write(row, Figures::work, sample, out);
        }
    }

    private static Comparator<Row> order(ViewRequest request) throws BadRequestException {
        RateWindow window = RateWindow.ofSeconds(request.number("over", 1, 60, 1))
                .orElseThrow(() -> new BadRequestException("over is 1, 10 or 60"));
        ToLongFunction<Row> most = switch (request.text("sort").orElse("busy")) {
            case "busy" -> row -> row.last(window).work();
            case "runs" -> row -> row.last(window).runs();
            case "delay" -> row -> row.last(window).delay();
            case "allocated" -> row -> row.last(window).allocated();
            case "waiting" -> Row::waiting;
            case "tasks" -> Row::tasks;
            case "name" -> row -> 0;
            default -> throw new BadRequestException(
                    "sort is busy, runs, delay, allocated, waiting, tasks or name");
        };
        return Comparator.comparingLong(most).reversed();
    }

    private Sample sample(ViewRequest request) throws IOException {
        Duration thrice = Duration.ofMillis(3 * request.number("every", 0, MAX_EVERY_MILLIS, 0));
        try {
            return METER.sample(thrice.compareTo(PATIENCE) > 0 ? thrice : PATIENCE);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while the tasks were measured");
        }
    }

    /** The rows of all loops, those together that are shown alike. */
    private static List<Row> grouped(List<Row> rows, boolean byName) {
        Map<String, Row> sums = new HashMap<>();
        for (Row row : rows) {
            sums.merge(shown(row, byName), row, Row::plus);
        }
        return sums.values().stream().filter(row -> row.tasks() > 0 || row.total().runs() > 0).toList();
    }

    private static String shown(Row row, boolean byName) {
        return byName || row.label() == null ? row.name() : row.label();
    }

    private static String type(Row row, boolean byName) {
        return switch (row.name()) {
            case Row.OTHERS -> "others";
            case Row.CALLBACKS -> "callbacks";
            default -> byName || row.label() == null ? "task" : "route";
        };
    }

    /** Busy: nanoseconds of a second, of kinds of tasks also those of offloaded bodies; runs: of a second; delay: nanoseconds for a run; allocated: bytes of a second. */
    private static void write(Row row, ToLongFunction<Figures> busy, Sample sample, JsonLines out) throws IOException {
        out.put("tasks", row.tasks()).put("waiting", row.waiting());
        Figures total = row.total();
        out.put("busy", busy.applyAsLong(total)).put("runs", total.runs());
        out.put("delay", total.delay()).put("allocated", total.allocated());
        out.put("worst1", row.worstDelay());
        for (RateWindow window : RateWindow.values()) {
            double seconds = sample.nanos().getOrDefault(window, 0L) / NANOS;
            Figures last = row.last(window);
            out.put("busy" + window.rounds, Math.round(busy.applyAsLong(last) / seconds));
            out.put("runs" + window.rounds, Math.round(10 * last.runs() / seconds) / 10.0);
            out.put("delay" + window.rounds, last.runs() == 0 ? 0 : last.delay() / last.runs());
            out.put("allocated" + window.rounds, Math.round(last.allocated() / seconds));
        }
        out.end();
    }
}
