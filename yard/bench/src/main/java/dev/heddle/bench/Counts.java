package dev.heddle.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * The size of a round where that takes long: as many operations as tutorials set, or few only to see that it works.
 */
final class Counts {

    private static final String FULL = "heddle.bench.full";
    private static final String QUICK = "heddle.bench.quick";
    private static final String GATE = "heddle.bench.gate";

    private Counts() {}

    /** Takes the numbers of the tutorials; before the first look at {@link Suite}. */
    static void useFull() {
        System.setProperty(FULL, "true");
    }

    /** Takes the least numbers; before the first look at {@link Suite}. */
    static void useQuick() {
        System.setProperty(QUICK, "true");
    }

    /** Takes fewer where a million take long and cost each as much; before the first look at {@link Suite}. */
    static void useGate() {
        System.setProperty(GATE, "true");
    }

    /** Whether a few rows are held against stored ratios. */
    static boolean isGate() {
        return Boolean.getBoolean(GATE);
    }

    /** A million, or fewer where the ratio alone counts. */
    static int million() {
        return isGate() ? 200_000 : 1_000_000;
    }

    /** Whether a round is only to show that it works. */
    static boolean isQuick() {
        return Boolean.getBoolean(QUICK);
    }

    /** How many rounds, or one if it is only to show that it works. */
    static int rounds(int usual) {
        return isQuick() ? 1 : usual;
    }

    /**
     * How many rounds come before those that count. More in the gate: a JVM that still compiles would do so on the
     * processor of both sides.
     */
    static int warmUps(int usual) {
        return isGate() ? 12 : rounds(usual);
    }

    static int of(int usual, int full) {
        return Boolean.getBoolean(FULL) ? full : usual;
    }

    /** The options that tell another JVM. */
    static List<String> options() {
        return Stream.of(FULL, QUICK, GATE)
                .filter(Boolean::getBoolean)
                .map(property -> "-D" + property + "=true")
                .toList();
    }
}
