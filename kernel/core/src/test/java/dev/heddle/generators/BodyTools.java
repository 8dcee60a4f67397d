package dev.heddle.generators;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What the bodies of these tests call. */
final class BodyTools {

    /** Makes a generator that writes to a list. */
    interface Make extends Function<List<String>, DuplexGenerator<Object, Object, Object>> {}

    private BodyTools() {}

    static String joined(Object... all) {
        return Arrays.toString(all);
    }

    static long plus(long a, double b, float c, int d) {
        return a * 1000 + (long) (b * 100) + (long) (c * 10) + d;
    }

    static int number(Object object) {
        return object instanceof Integer number ? number : -1;
    }

    static void require(boolean condition, List<String> log) throws IOException {
        log.add("required " + condition);
        if (!condition) {
            throw new IOException("not so");
        }
    }

    static DuplexGenerator<Object, Object, Object> two(List<String> log) {
        return DuplexGenerator.of(out -> {
            try {
                log.add("got " + out.yield("inner 1"));
                log.add("got " + out.yield("inner 2"));
            } finally {
                log.add("inner finally");
            }
            return "inner result";
        });
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
    static <T> T nothing() {
        return null;
    }
}
