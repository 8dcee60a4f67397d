package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without the flags of the JVM, what needs a continuation says which to add, and the rest works. */
final class GeneratorFlagsTest {

    private static final String LINE = "Add to the java command: --add-opens java.base/java.lang=ALL-UNNAMED"
            + " --add-exports java.base/jdk.internal.vm=ALL-UNNAMED --enable-native-access=ALL-UNNAMED";

    private static String said(List<String> flags) throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class, flags)) {
            return child.rest();
        }
    }

    @Test
    void whatNeedsAContinuationNamesThem() throws Exception {
        String output = said(List.of());
        for (String use : List.of("deeper", "ahead", "coroutine")) {
            assertTrue(output.contains(use + ": Heddle runs tasks on its own loops"), output);
        }
        assertTrue(output.contains(LINE), output);
    }

    @Test
    void bodiesThatAreRewrittenOrPushedNeedNone() throws Exception {
        String output = said(List.of());
        assertTrue(output.contains("pull: [1, 2, 3, closed]"), output);
        assertTrue(output.contains("push: [1, 2, 3, closed]"), output);
        assertTrue(output.contains("duplex: [0, 1, 3, 6]"), output);
    }

    @Test
    void rewritingCanBeTurnedOff() throws Exception {
        String output = said(List.of("-Dheddle.generators=continuation"));
        assertTrue(output.contains("pull: Heddle runs tasks on its own loops"), output);
        assertTrue(output.contains("push: [1, 2, 3, closed]"), output);
    }

    @Test
    void anythingElseThanTheTwoFormsIsRefused() throws Exception {
        String output = said(List.of("-Dheddle.generators=fast"));
        assertTrue(output.contains("pull: generators run as machine or continuation, not fast"), output);
    }

    static final class Program {
        public static void main(String[] args) {
            say("pull", () -> {
                List<Object> got = new ArrayList<>();
                for (int each : numbers(got)) {
                    got.add(each);
                }
                return got;
            });
            say("push", () -> {
                List<Object> got = new ArrayList<>();
                numbers(got).forEach(got::add);
                return got;
            });
            say("duplex", () -> {
                DuplexGenerator<Integer, Integer, String> sums = DuplexGenerator.of(out -> {
                    int sum = 0;
                    while (true) {
                        Integer next = out.yield(sum);
                        sum += next;
                    }
                });
                return List.of(sums.next(), sums.send(1), sums.send(2), sums.send(3));
            });
            say("deeper", () -> Generator.of(out -> deeper(out)).next());
            say("ahead", () -> numbers(new ArrayList<>()).readAhead(2).next());
            say("coroutine", () -> Coroutine.of(first -> first).switchTo(1));
        }

        private static Generator<Integer> numbers(List<Object> log) {
            return Generator.of(out -> {
                try {
                    out.yield(1);
                    out.yieldFrom(List.of(2, 3));
                } finally {
                    log.add("closed");
                }
            });
        }

        private static void deeper(Generator.Out<Object> out) {
            out.yield(1);
        }

        private interface Use {
            Object call();
        }

        private static void say(String use, Use body) {
            try {
                System.out.println(use + ": " + body.call());
            } catch (IllegalStateException | IllegalArgumentException e) {
                System.out.println(use + ": " + e.getMessage());
            }
        }
    }
}
