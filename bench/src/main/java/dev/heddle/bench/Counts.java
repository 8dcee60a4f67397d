package dev.heddle.bench;

import java.util.List;

/** How many operations a round has where tutorials set a number that takes long. */
final class Counts {

    private static final String FULL = "heddle.bench.full";

    private Counts() {}

    /** Takes the numbers of the tutorials; before the first look at {@link Suite}. */
    static void useFull() {
        System.setProperty(FULL, "true");
    }

    static int of(int usual, int full) {
        return Boolean.getBoolean(FULL) ? full : usual;
    }

    /** The options that tell another JVM. */
    static List<String> options() {
        return Boolean.getBoolean(FULL) ? List.of("-D" + FULL + "=true") : List.of();
    }
}
