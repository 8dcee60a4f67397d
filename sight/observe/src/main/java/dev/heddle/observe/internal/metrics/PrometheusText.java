package dev.heddle.observe.internal.metrics;

import java.util.List;
import java.util.Locale;

/**
 * The writer of Prometheus' text: its own format 0.0.4, or OpenMetrics 1.0, which is stricter.
 *
 * <p>Names: dots become underscores, the unit and {@code _total} stand at the end (Prometheus and OpenMetrics
 * Compatibility, of OpenTelemetry).
 */
final class PrometheusText {

    private final boolean open;
    private final StringBuilder text = new StringBuilder(16 * 1024);

    /** @param open whether to write OpenMetrics */
    PrometheusText(boolean open) {
        this.open = open;
    }

    String write(List<Metric> metrics) {
        metrics.forEach(this::metric);
        if (open) {
            text.append("# EOF\n");
        }
        return text.toString();
    }

    private void metric(Metric metric) {
        if (metric.samples().isEmpty()) {
            return;
        }
        String family = family(metric);
        boolean counter = metric.type() == Metric.Type.COUNTER;
        String name = counter ? family + "_total" : family;
        String described = open ? family : name;
        text.append("# HELP ").append(described).append(' ').append(escaped(metric.help(), open)).append('\n');
        text.append("# TYPE ").append(described).append(' ').append(metric.type().name().toLowerCase(Locale.ROOT));
        text.append('\n');
        if (open && !metric.unit().isEmpty()) {
            text.append("# UNIT ").append(described).append(' ').append(metric.unit()).append('\n');
        }
        for (Metric.Sample sample : metric.samples()) {
            switch (sample) {
                case Metric.Figure figure -> line(name, figure.labels(), "", number(figure.value()));
                case Metric.Durations durations -> histogram(family, durations);
            }
        }
    }

    private void histogram(String name, Metric.Durations durations) {
        Histogram.Snapshot histogram = durations.histogram();
        Labels labels = durations.labels();
        for (int i = 0; i < histogram.bounds().length; i++) {
            line(name + "_bucket", labels, number(histogram.bounds()[i]), Long.toString(histogram.cumulative()[i]));
        }
        line(name + "_bucket", labels, "+Inf", Long.toString(histogram.count()));
        line(name + "_sum", labels, "", number(histogram.sum()));
        line(name + "_count", labels, "", Long.toString(histogram.count()));
    }

    private void line(String name, Labels labels, String bound, String value) {
        text.append(name);
        List<String> pairs = labels.pairs();
        if (!pairs.isEmpty() || !bound.isEmpty()) {
            char before = '{';
            for (int i = 0; i < pairs.size(); i += 2) {
                text.append(before).append(plain(pairs.get(i))).append("=\"");
                text.append(escaped(pairs.get(i + 1), true)).append('"');
                before = ',';
            }
            if (!bound.isEmpty()) {
                text.append(before).append("le=\"").append(bound).append('"');
            }
            text.append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private static String family(Metric metric) {
        String plain = plain(metric.name());
        String unit = metric.unit();
        return unit.isEmpty() || plain.endsWith("_" + unit) ? plain : plain + "_" + unit;
    }

    private static String plain(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    /** Both formats know three escapes, Prometheus' help texts two. */
    private static String escaped(String value, boolean quotes) {
        String escaped = value.replace("\\", "\\\\").replace("\n", "\\n");
        return quotes ? escaped.replace("\"", "\\\"") : escaped;
    }

    private static String number(double value) {
        long whole = (long) value;
        return whole == value && Math.abs(value) < 1e15 ? Long.toString(whole) : Double.toString(value);
    }
}
