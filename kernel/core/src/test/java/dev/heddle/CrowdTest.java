package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A crowd of tasks that all wait before the first of them wakes, in a JVM that has never seen one wake. */
@Tag("full")
final class CrowdTest {

    private static final int TASKS = 100_000;

    /** So many falls back to the interpreter are usual in a young JVM. */
    private static final long FEW = TASKS / 10;

    @Test
    void tasksThatWakeAreNotLeftToTheInterpreter() throws Exception {
        try (ChildJvm child = ChildJvm.start(Sleepers.class, List.of(ChildJvm.OPEN_LANG, ChildJvm.EXPORT_VM,
                "-XX:TieredStopAtLevel=4", "-Xlog:deoptimization=debug"))) {
            List<String> lines = child.rest().lines().toList();

            long ofTasks = lines.stream()
                    .filter(line -> line.contains("dev.heddle.") || line.contains("java.lang.VirtualThread"))
                    .filter(line -> line.contains("trap_bci="))
                    .count();
            assertEquals(0, child.exitCode());
            assertTrue(lines.stream().anyMatch(line -> line.contains("trap_bci=")), "the JVM tells of none at all");
            assertTrue(ofTasks < FEW, ofTasks + " of " + TASKS);
        }
    }

    /** The program of the child. */
    static final class Sleepers {

        private Sleepers() {}

        public static void main(String[] args) {
            Heddle.run(() -> Heddle.group(group -> {
                for (int i = 0; i < TASKS; i++) {
                    group.spawn(() -> Heddle.sleep(Duration.ofSeconds(1)));
                }
                return null;
            }));
        }
    }
}
