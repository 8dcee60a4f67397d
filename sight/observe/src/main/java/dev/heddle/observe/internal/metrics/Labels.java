package dev.heddle.observe.internal.metrics;

import dev.heddle.observe.internal.WholeText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels that tell one series of a metric from the others: names and values in turns. Immutable.
 *
 * @param pairs a name, its value, the next name
 */
public record Labels(List<String> pairs) {

    /** Most characters of a value. */
    private static final int MAX_VALUE = 200;

    /** No labels. */
    public static final Labels NONE = new Labels(List.of());

    /** The one series for what comes when there are as many as may be, named as OpenTelemetry has it. */
    public static final Labels OVERFLOW = NONE.with("otel.metric.overflow", "true");

    /** Copies the pairs. */
    public Labels {
        pairs = List.copyOf(pairs);
    }

    /** Labels of these names; those without a value are left out. */
    static Labels of(List<String> names, @Nullable String... values) {
        Labels labels = NONE;
        for (int i = 0; i < values.length; i++) {
            labels = labels.with(names.get(i), values[i]);
        }
        return labels;
    }

    /** With one more label; the same if it has no value. */
    Labels with(String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return this;
        }
        List<String> more = new ArrayList<>(pairs);
        more.add(name);
        more.add(WholeText.of(value, MAX_VALUE));
        return new Labels(more);
    }
}
