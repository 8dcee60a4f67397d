package dev.heddle.sim.programs;

import java.util.Arrays;
import java.util.List;

/** The counts of a search: how often each rule was looked at, and how often each thing happened. */
final class Tally {

    private final long[] looked = new long[Rule.values().length];
    private final long[] happened = new long[Sometimes.values().length];

    void looked(Rule rule) {
        looked[rule.ordinal()]++;
    }

    void happened(Sometimes what) {
        happened[what.ordinal()]++;
    }

    long of(Rule rule) {
        return looked[rule.ordinal()];
    }

    long of(Sometimes what) {
        return happened[what.ordinal()];
    }

    void add(Tally other) {
        for (int i = 0; i < looked.length; i++) {
            looked[i] += other.looked[i];
        }
        for (int i = 0; i < happened.length; i++) {
            happened[i] += other.happened[i];
        }
    }

    /** What never happened. */
    List<String> missing() {
        return Arrays.stream(Sometimes.values())
                .filter(each -> of(each) == 0)
                .map(each -> each.words)
                .toList();
    }

    /** Two tables. */
    @Override
    public String toString() {
        var text = new StringBuilder("| always | looked at |\n|---|--:|\n");
        for (Rule each : Rule.values()) {
            text.append("| %s | %,d |\n".formatted(each.words, of(each)));
        }
        text.append("\n| sometimes | happened |\n|---|--:|\n");
        for (Sometimes each : Sometimes.values()) {
            text.append("| %s | %,d |\n".formatted(each.words, of(each)));
        }
        return text.toString();
    }
}
