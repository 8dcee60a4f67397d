package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The mistakes of the guide's last chapter, made by whole programs that are started as a newcomer starts them: what is
 * printed says what is wrong, where, and what to do. The mistake of having no JDK 25 is the launcher's business.
 */
@Tag("full")
final class TenMistakesTest {

    /** What a program does and prints. */
    private record Mistake(String program, int exit, List<String> said) {

        @Override
        public String toString() {
            return program;
        }
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                new Mistake("BlockedLoop", 0,
                        List.of(
                                "task work (loop, running) holds loop for more than",
                                "use offload(...) for long work, or checkpoint()",
                                "BlockedLoop.compute(BlockedLoop.java:")),
                new Mistake("ForgottenJoin", 0,
                        List.of(
                                "task report (loop, failed) failed and nobody joined it",
                                "no paper",
                                "task report on loop was spawned",
                                "ForgottenJoin.java:10")),
                new Mistake("SwallowedCancel", 0,
                        List.of("try 3: dev.heddle.CancelledException: deadline", "given up")),
                new Mistake("UnboundedFanOut", 0,
                        List.of("DeadlineExceededException: GET http://127.0.0.1:", "connection after 1 s")),
                new Mistake("PortInUse", 1, List.of("cannot listen on 127.0.0.1:", "in use")),
                new Mistake("ClosedClient", 1, List.of("the HTTP client is closed", "ClosedClient.java:14")),
                new Mistake("OutlivedGroup", 1,
                        List.of("this group has ended; spawn before the group(...) call returns")));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void programSaysWhatIsWrongAndWhatToDo(Mistake mistake) throws Exception {
        Program.Ending ending = Program.example(mistake.program()).launch();
        String all = String.join("\n", ending.out()) + "\n" + ending.err();
        for (String words : mistake.said()) {
            assertTrue(all.contains(words), () -> "not said: " + words + "\n" + all);
        }
        assertEquals(mistake.exit(), ending.exit(), all);
    }

    @Test
    void withoutTheFlagsTheMessageHasThem() throws Exception {
        Program.Ending ending = Program.example("BlockedLoop").launchWithoutFlags();
        assertEquals(1, ending.exit());
        String quoted = Documents.text("docs/guide/32-ten-mistakes.md").lines()
                .filter(line -> line.contains("--add-opens")).findFirst().orElseThrow();
        String said = quoted.substring(0, quoted.lastIndexOf(" ..."));
        assertTrue(ending.err().contains(said), () -> "not said: " + said + "\n" + ending.err());
    }

    @Test
    void deadlockIsReportedWhileItLasts() throws Exception {
        Process program = Program.example("EachWaitsForTheOther").start();
        try (BufferedReader out = program.inputReader()) {
            StringBuilder said = new StringBuilder();
            String line = out.readLine();
            while (line != null && !said.toString().contains("waiting:")) {
                said.append(line).append('\n');
                line = out.readLine();
            }
            String all = said.toString();
            assertTrue(all.contains("these wait for each other and none can go on"), all);
            assertTrue(all.contains("acquiring mutex fork, held by task"), all);
            assertTrue(all.contains("EachWaitsForTheOther.java:"), all);
        } finally {
            program.destroyForcibly().waitFor();
        }
    }
}
