package dev.heddle.observe.internal.metrics;

import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import dev.heddle.observe.internal.Figures;
import dev.heddle.observe.internal.PartAnswer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of pools, queues, locks, servers and clients: each figure of their statistics, a counter where it is marked
 * as one. Those of one kind with the same name, or without one but from the same line of code, are added up, so there are
 * no more series than lines. Counters go on when their parts have ended.
 */
final class PartMetrics {

    private static final String CLIENT = "client";

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    /** The types of parts of which some figure is a counter, as far as one was seen. */
    private static final Map<String, Boolean> COUNTING = new ConcurrentHashMap<>();

    private final Map<String, Metric.Builder> metrics = new TreeMap<>();
    private final Totals totals;

    private PartMetrics(Totals totals) {
        this.totals = totals;
    }

    static void addTo(List<Metric> all, Totals totals) {
        var parts = new PartMetrics(totals);
        for (Part<?> part : Parts.all()) {
            Part.View view = PartAnswer.of(part, PartAnswer.PATIENCE).view();
            if (view != null) {
                parts.add(part, view);
            } else if (COUNTING.getOrDefault(part.type(), false)) {
                parts.addLast(part);
            }
        }
        parts.metrics.values().forEach(metric -> all.add(metric.build()));
    }

    private void add(Part<?> part, Part.View view) {
        Labels labels = labels(view);
        Map<String, Object> figures = Figures.of(view.figures());
        Set<String> counters = Figures.counters(view.figures());
        COUNTING.putIfAbsent(view.type(), !counters.isEmpty());
        if (view.type().equals(CLIENT)) {
            double idle = number(figures.remove("idle"));
            Metric.Builder open = of(
                    "http.client.open_connections",
                    name -> Metric.gauge(name, "", "Connections by what they do."));
            open.add(Labels.NONE.with("http.connection.state", "idle"), idle);
            open.add(
                    Labels.NONE.with("http.connection.state", "active"), number(figures.remove("connections")) - idle);
        } else if (!Double.isNaN(view.pressure())) {
            of(name(view.type(), "pressure"), name -> Metric.gauge(
                    name, "ratio", "How near the fullest " + view.type() + " is to its limit, 0 to 1."))
                    .max(labels, view.pressure());
        }
        figures.forEach((figure, value) -> {
            if (counters.contains(figure)) {
                count(part, view.type(), figure, labels, value);
            } else {
                of(name(view.type(), words(figure)), name -> Metric.gauge(name, "", help(view.type(), figure)))
                        .add(labels, number(value));
            }
        });
    }

    /** What was counted until the end. */
    private void addLast(Part<?> part) {
        try {
            Part.View view = PartAnswer.of(part, PartAnswer.PATIENCE, part::last).view();
            if (view != null) {
                Map<String, Object> figures = Figures.of(view.figures());
                Figures.counters(view.figures())
                        .forEach(each -> count(part, view.type(), each, labels(view), figures.get(each)));
            }
        } catch (IllegalStateException e) {
            // It is over, and may say nothing more.
        }
    }

    private void count(Part<?> part, String type, String figure, Labels labels, @Nullable Object value) {
        totals.hear(part, name(type, words(figure)), help(type, figure), labels, number(value));
    }

    private static Labels labels(Part.View view) {
        return switch (view.type()) {
            case "server" -> address(view.name() == null ? "" : view.name());
            case CLIENT -> Labels.NONE;
            default -> named(view);
        };
    }

    private static Labels address(String address) {
        int colon = address.lastIndexOf(':');
        return Labels.NONE
                .with("server.address", colon < 0 ? address : address.substring(0, colon))
                .with("server.port", colon < 0 ? null : address.substring(colon + 1));
    }

    private static String words(String figure) {
        // "total" stands for counters in Prometheus' names.
        return figure.equals("total") ? "tokens" : HUMP.matcher(figure).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    private static String help(String type, String figure) {
        return "Of each " + type + ": " + words(figure) + ".";
    }

    private Metric.Builder of(String name, Function<String, Metric.Builder> metric) {
        return metrics.computeIfAbsent(name, metric);
    }

    private static String name(String type, String figure) {
        return "heddle." + (type + "." + figure).toLowerCase(Locale.ROOT).replace(' ', '_');
    }

    private static Labels named(Part.View view) {
        StackTraceElement line = view.line();
        return view.name() == null
                ? Labels.NONE.with("heddle.line", line == null ? null : line.toString())
                : Labels.NONE.with("heddle.name", view.name());
    }

    private static double number(@Nullable Object figure) {
        return switch (figure) {
            case Boolean truth -> truth ? 1 : 0;
            case Number number -> number.doubleValue();
            case null, default -> 0;
        };
    }
}
