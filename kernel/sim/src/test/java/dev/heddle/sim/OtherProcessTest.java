package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failure found on one machine is found again on another: nothing of the process leaks into a run. */
final class OtherProcessTest {

    private static final long SEED = 7;

    /** The process at the other end: prints the hash of a run. */
    static final class Child {
        public static void main(String[] args) {
            System.out.println(EchoTest.run(Long.parseLong(args[0])).result().traceHash());
        }
    }

    @Test
    void sameSeedGivesTheSameTraceInAnotherProcess() throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                Long.toString(SEED));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertEquals(0, process.waitFor());
        assertEquals(Long.toString(EchoTest.run(SEED).result().traceHash()), printed);
    }
}
