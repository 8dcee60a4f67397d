package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Without the flags of the JVM, generators and coroutines say which to add. */
final class GeneratorFlagsTest {

    private static final String LINE = "Add to the java command: --add-opens java.base/java.lang=ALL-UNNAMED"
            + " --add-exports java.base/jdk.internal.vm=ALL-UNNAMED --enable-native-access=ALL-UNNAMED";

    @Test
    void eachFirstUseNamesThem() throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class, List.of())) {
            String output = child.rest();
            for (String use : List.of("pull", "push", "duplex", "coroutine")) {
                assertTrue(output.contains(use + ": Heddle runs tasks on its own loops"), output);
            }
            assertTrue(output.contains(LINE), output);
        }
    }

    static final class Program {
        public static void main(String[] args) {
            say("pull", () -> Generator.of(out -> out.yield(1)).next());
            say("push", () -> Generator.of(out -> out.yield(1)).forEach(element -> {}));
            say("duplex", () -> DuplexGenerator.of(out -> out.yield(1)).next());
            say("coroutine", () -> Coroutine.of(first -> first).switchTo(1));
        }

        private static void say(String use, Runnable body) {
            try {
                body.run();
            } catch (IllegalStateException e) {
                System.out.println(use + ": " + e.getMessage());
            }
        }
    }
}
