package dev.heddle;

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import kitchen.Fork;
import kitchen.Table;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGQUIT prints a report after the dump of the JVM, if it was asked for at the start. */
@Tag("full")
final class SigquitTest {

    private static final String ASK = "-Dheddle.sigquit=true";

    @Test
    void quitPrintsTheReportAfterTheDumpOfTheJvm() throws Exception {
        String output = outputOfQuit(ASK, "--enable-native-access=ALL-UNNAMED");
        assertTrue(output.contains("Full thread dump"), output);
        assertTrue(output.contains("cycle of 2: each waits for the next, the last for the first"), output);
        assertTrue(output.contains("task ann (loop, running): the fork, held by task bob (loop, running)"), output);
    }

    @Test
    void withoutThePropertyQuitIsAllTheJvms() throws Exception {
        String output = outputOfQuit("--enable-native-access=ALL-UNNAMED");
        assertTrue(output.contains("Full thread dump"), output);
        assertFalse(output.contains("cycle of 2"), output);
    }

    @Test
    void withoutNativeAccessThePropertyHasNoEffectAndThatIsSaid() throws Exception {
        try (ChildJvm child = ChildJvm.start(Deadlocked.class, List.of(ChildJvm.OPEN_LANG, ChildJvm.EXPORT_VM, ASK))) {
            String output = child.rest();
            assertTrue(output.contains("-Dheddle.sigquit=true has no effect: add --enable-native-access=ALL-UNNAMED"),
                    output);
            assertFalse(output.contains("WARNING"), output);
        }
    }

    private static String outputOfQuit(String... more) throws Exception {
        List<String> flags = new ArrayList<>(List.of(ChildJvm.OPEN_LANG, ChildJvm.EXPORT_VM));
        flags.addAll(List.of(more));
        try (ChildJvm child = ChildJvm.start(Deadlocked.class, flags)) {
            child.awaitLine("ready");
            child.signal("QUIT");
            return child.rest();
        }
    }

    static final class Deadlocked {
        public static void main(String[] arguments) {
            CyclicBarrier both = new CyclicBarrier(2);
            Fork noodles = new Fork("the noodles");
            Fork fork = new Fork("the fork");
            Config quiet = Config.DEFAULT.withFailureHandler((what, failure) -> {});
            Heddle.run(quiet, () -> {
                spawn("ann", Table.eat(both, noodles, fork));
                spawn("bob", Table.eat(both, fork, noodles));
                sleep(ofMillis(50));
                System.out.println("ready");
                sleep(ofMillis(1500));
            });
        }
    }
}
