package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.nothing;
import static dev.heddle.generators.BodyTools.number;
import static dev.heddle.generators.BodyTools.require;

import dev.heddle.generators.BodyTools.Make;
import java.io.IOException;
import java.util.Map;

/** Bodies that yield in try blocks and their handlers, and fail. */
final class BodiesWithTries {

    private BodiesWithTries() {}

    static void addTo(Map<String, Make> all) {
        all.put("try, catch and finally", log -> DuplexGenerator.of(out -> {
            int tries = 0;
            while (true) {
                try {
                    tries++;
                    log.add("try " + tries);
                    log.add("got " + out.yield(tries));
                    require(tries < 3, log);
                } catch (GeneratorTrace.Planted e) {
                    log.add("caught " + e.getMessage());
                    out.yield("in catch");
                } catch (IOException e) {
                    log.add("io " + e.getMessage() + " " + out.yield("in second catch"));
                    return tries;
                } finally {
                    log.add("finally " + tries);
                }
            }
        }));
        all.put("yield in a finally block", log -> DuplexGenerator.of(out -> {
            try {
                try {
                    out.yield(1);
                } finally {
                    log.add("cleaned with " + out.yield("cleaning"));
                }
                return "inner end";
            } finally {
                log.add("outer");
            }
        }));
        all.put("a close that is caught", log -> DuplexGenerator.of(out -> {
            try {
                out.yield(1);
            } catch (Throwable e) {
                log.add("caught " + e.getClass().getSimpleName());
                throw e;
            }
            return 2;
        }));
        all.put("a close that is ignored", log -> DuplexGenerator.of(out -> {
            for (int i = 0; i < 3; i++) {
                try {
                    out.yield(i);
                } catch (Throwable e) {
                    log.add("ignored");
                }
            }
            return "at last";
        }));
        all.put("resources", log -> DuplexGenerator.of(out -> {
            try (AutoCloseable _ = () -> log.add("closed 1"); AutoCloseable _ = () -> log.add("closed 2")) {
                out.yield("open");
                require(number(out.yield("still")) < 3, log);
            } catch (IOException e) {
                out.yield(e.getMessage());
            }
            return "end";
        }));
        all.put("return from a try block", log -> DuplexGenerator.of(out -> {
            try {
                return joined("r", out.yield(1));
            } finally {
                log.add("finally");
            }
        }));
        all.put("a failure of the body", log -> DuplexGenerator.of(out -> {
            out.yield(1);
            Object got = out.yield(2);
            log.add("fails");
            throw new IllegalStateException(
                    "failed with " + got);
        }));
        all.put("a failure of the JVM", log -> DuplexGenerator.of(out -> {
            int[] few = new int[2];
            try {
                few[number(out.yield(1))]++;
                return 10 / (few[1] - few[number(out.yield("index"))]);
            } catch (ArithmeticException e) {
                log.add(e.getMessage());
                String text = (String) out.yield("cast");
                return text.length();
            }
        }));
        all.put("a checked failure", log -> DuplexGenerator.of(out -> {
            out.yield(1);
            require(false, log);
            return 2;
        }));
        all.put("an element that is null", log -> DuplexGenerator.of(out -> {
            try {
                out.yield(nothing());
            } catch (NullPointerException e) {
                log.add("refused");
            }
            return out.yield("some");
        }));
    }
}
