package dev.heddle.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * How much a round does where that takes long: as many operations as tutorials set, or few only to see that it works.
 */
final class Counts {

    private static final String FULL = "heddle.bench.full";
    private static final String QUICK = "heddle.bench.quick";

    private Counts() {}

    /** Takes the numbers of the tutorials; before the first look at {@link Suite}. */
    static void useFull() {
        System.setProperty(FULL, "true");
    }

    /** Takes the least numbers; before the first look at {@link Suite}. */
    static void useQuick() {
        System.setProperty(QUICK, "true");
    }

    /** Whether a round is only to show that it works. */
    static boolean isQuick() {
        return Boolean.getBoolean(QUICK);
    }

    /** How many rounds, or one if it is only to show that it works. */
    static int rounds(int usual) {
        return isQuick() ? 1 : usual;
    }

    static int of(int usual, int full) {
        return Boolean.getBoolean(FULL) ? full : usual;
    }

    /** The options that tell another JVM. */
    static List<String> options() {
        return Stream.of(FULL, QUICK)
                .filter(Boolean::getBoolean)
                .map(property -> "-D" + property + "=true")
                .toList();
    }
}
