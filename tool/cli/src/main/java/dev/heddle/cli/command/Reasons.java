package dev.heddle.cli.command;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reasons of the failures of a run, and how often each was met.
 *
 * <p>Threads: one at a time.
 */
public final class Reasons {

    /** Most different reasons that are kept apart; the others are counted together. */
    public static final int MAX = 100;

    private static final String OTHER = "other reasons";

    private final Map<String, Long> counts = new HashMap<>();

    /** A reason and how often it was met. */
    public record Count(String reason, long count) {}

    public void add(String reason) {
        counts.merge(counts.containsKey(reason) || counts.size() < MAX ? reason : OTHER, 1L, Long::sum);
    }

    public void addAll(Reasons other) {
        other.counts.forEach((reason, times) -> counts.merge(reason, times, Long::sum));
    }

    /** The most frequent ones, most frequent first. */
    public List<Count> top(int most) {
        return counts.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Count::count).reversed().thenComparing(Count::reason))
                .limit(most)
                .toList();
    }
}
