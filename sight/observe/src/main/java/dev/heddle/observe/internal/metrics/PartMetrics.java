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
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of pools, queues, locks, servers and clients: each figure of their statistics. Those of one kind with the
 * same name, or without one but from the same line of code, are added up, so there are no more series than lines.
 */
final class PartMetrics {

    /** The figures that only grow. */
    private static final Set<String> COUNTS = Set.of(
            "accepted", "bytesRead", "bytesWritten", "callsDone", "clientErrors", "died", "disconnected", "done",
            "dropped", "ended", "killed",
            "opened", "received", "redirections", "requests", "reused", "sent", "serverErrors", "spawned", "started",
            "successes", "truncated", "unanswered");

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private final Map<String, Metric.Builder> metrics = new TreeMap<>();

    static void addTo(List<Metric> all) {
        var parts = new PartMetrics();
        for (Part<?> part : Parts.all()) {
            Part.View view = PartAnswer.of(part, PartAnswer.PATIENCE).view();
            if (view != null) {
                parts.add(view);
            }
        }
        parts.metrics.values().forEach(metric -> all.add(metric.build()));
    }

    private void add(Part.View view) {
        Map<String, Object> figures = Figures.of(view.figures());
        switch (view.type()) {
            case "server" -> server(view, figures);
            case "client" -> client(figures);
            default -> all(view, named(view), figures);
        }
    }

    private void server(Part.View view, Map<String, Object> figures) {
        String address = view.name() == null ? "" : view.name();
        int colon = address.lastIndexOf(':');
        Labels labels = Labels.NONE
                .with("server.address", colon < 0 ? address : address.substring(0, colon))
                .with("server.port", colon < 0 ? null : address.substring(colon + 1));
        all(view, labels, figures);
    }

    private void client(Map<String, Object> figures) {
        double idle = number(figures.get("idle"));
        Metric.Builder open = of(
                "http.client.open_connections", name -> Metric.gauge(name, "", "Connections by what they do."));
        open.add(Labels.NONE.with("http.connection.state", "idle"), idle);
        open.add(Labels.NONE.with("http.connection.state", "active"), number(figures.get("connections")) - idle);
        figures.forEach((figure, value) -> {
            if (!Set.of("idle", "connections").contains(figure)) {
                figure("client", figure).add(Labels.NONE, number(value));
            }
        });
    }

    private void all(Part.View view, Labels labels, Map<String, Object> figures) {
        figures.forEach((figure, value) -> figure(view.type(), figure).add(labels, number(value)));
        if (!Double.isNaN(view.pressure())) {
            of(name(view.type(), "pressure"), name -> Metric.gauge(
                    name, "ratio", "How near the fullest " + view.type() + " is to its limit, 0 to 1."))
                    .max(labels, view.pressure());
        }
    }

    private Metric.Builder figure(String type, String figure) {
        // "total" stands for counters in Prometheus' names.
        String words = figure.equals("total")
                ? "tokens"
                : HUMP.matcher(figure).replaceAll(" ").toLowerCase(Locale.ROOT);
        String help = "Of each " + type + ": " + words + ".";
        return of(name(type, words), name -> COUNTS.contains(figure)
                ? Metric.counter(name, "", help)
                : Metric.gauge(name, "", help));
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
