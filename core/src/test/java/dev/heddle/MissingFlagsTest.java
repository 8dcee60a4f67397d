package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Without the flags that Heddle needs, the JVM says at once which. */
final class MissingFlagsTest {

    private static final String LINE = "Add to the java command: --add-opens java.base/java.lang=ALL-UNNAMED"
            + " --add-exports java.base/jdk.internal.vm=ALL-UNNAMED";

    @Test
    void withoutTheFlagsRunFailsAtOnceWithTheLineToAdd() throws Exception {
        assertTellsTheLine(List.of());
    }

    @Test
    void oneFlagAloneIsNotEnough() throws Exception {
        assertTellsTheLine(List.of(ChildJvm.OPEN_LANG));
        assertTellsTheLine(List.of(ChildJvm.EXPORT_VM));
    }

    @Test
    void withTheFlagsItRuns() throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class)) {
            assertEquals("ran\n", child.rest());
            assertEquals(0, child.exitCode());
        }
    }

    private static void assertTellsTheLine(List<String> flags) throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class, flags)) {
            String output = child.rest();
            assertTrue(output.contains(LINE), output);
            assertTrue(output.contains("IllegalStateException"), output);
            assertEquals(1, child.exitCode());
        }
    }

    static final class Program {
        public static void main(String[] args) {
            Heddle.run(() -> System.out.println("ran"));
        }
    }
}
