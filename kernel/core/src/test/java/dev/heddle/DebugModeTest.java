package dev.heddle;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** In debug mode each task knows the line that spawned it. */
final class DebugModeTest {

    private final Config debug = Config.DEFAULT.withSignals(false).withDebug(true);

    @Test
    void eachTaskKnowsExactlyTheLineThatSpawnedIt() {
        Heddle.run(debug, () -> {
            Callable<String> shared = () -> "a";
            for (int i = 0; i < 7; i++) {
                spawn(shared);
            }
            int line = line() + 1;
            assertEquals(line, spawn(shared).spawnedAt().orElseThrow().getLineNumber());
        });
    }

    private static int line() {
        return Thread.currentThread().getStackTrace()[2].getLineNumber();
    }

    @Test
    void callsOfOtherThreadsIntoAGroupOrAScopeAreFound() {
        Heddle.run(debug, () -> group(g -> {
            CancelScope scope = CancelScope.current();
            offload(() -> {
                assertThrows(IllegalStateException.class, g::size);
                assertThrows(IllegalStateException.class, g::tasks);
                assertThrows(IllegalStateException.class, scope::remaining);
                assertThrows(IllegalStateException.class, scope::clearDeadline);
                String message = assertThrows(
                        IllegalStateException.class,
                        () -> scope.deadlineAfter(ofSeconds(1))).getMessage();
                assertTrue(message.startsWith("only code on loop may move a scope's deadline"), message);
            });
            assertEquals(0, g.size());
        }));
    }

    @Test
    void groupHasWordsForOtherThreadsToo() {
        Heddle.run(debug, () -> group(g -> {
            g.spawnService(() -> Heddle.sleep(ofSeconds(60)));
            offload(() -> assertEquals("group of 1 tasks on loop", g.toString()));
        }));
    }

    @Test
    void itIsOffUnlessAskedFor() {
        assertFalse(Config.DEFAULT.debug());
    }

    @Test
    void propertyOfTheJvmTurnsItOn() throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class, List.of("-Dheddle.debug=true"))) {
            child.awaitLine("debug: true");
        }
    }

    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            System.out.println("debug: " + Config.DEFAULT.debug());
        }
    }
}
