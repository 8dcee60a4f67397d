package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program does on real sockets and with real children is in its JFR recording, as {@code jfr print} reads it. */
@Tag("full")
final class FlightRecordingTest {

    /** Goes on when somebody writes to it: then it is observed, and so are its events. */
    private static final String PROGRAM = """
            run(() -> {
                IO.println("ready");
                offload(() -> System.in.read());
                spawn("baker", () -> {
                    for (long end = System.nanoTime() + 30_000_000; System.nanoTime() < end;) {}
                });
                var identity = dev.heddle.tls.TlsIdentity.selfSigned("localhost");
                var trust = dev.heddle.tls.TlsTrust.of(identity.certificate());
                var client = dev.heddle.tls.ClientTls.DEFAULT;
                Listener listener = dev.heddle.tls.Tls.listen(
                        "localhost", 0, dev.heddle.tls.ServerTls.of(identity));
                group(g -> {
                    g.spawn(() -> listener.serve(10, stream -> stream.read(new byte[1])));
                    try (var stream = dev.heddle.tls.Tls.connect("localhost", listener.port(), client.withTrust(trust))) {
                        stream.write("x");
                    }
                    try {
                        dev.heddle.tls.Tls.connect("localhost", listener.port(), client);
                    } catch (dev.heddle.io.TlsException e) {
                        // It does not trust the server.
                    }
                    g.cancel("done");
                });
                var options = ProcessPoolOptions.DEFAULT.withName("ovens").withWorkers(1).withGrace(Duration.ofMillis(10));
                try (ProcessPool pool = ProcessPool.of(options)) {
                    IO.println("child " + pool.call(() -> ProcessHandle.current().pid()));
                    String begun = java.nio.file.Files.createTempFile("begun", "").toString();
                    var endless = pool.submit(() -> {
                        java.nio.file.Files.delete(java.nio.file.Path.of(begun));
                        while (true) {}
                    });
                    while (java.nio.file.Files.exists(java.nio.file.Path.of(begun))) {
                        sleep(Duration.ofMillis(1));
                    }
                    endless.cancel(true);
                    while (pool.statistics().killed() == 0) {
                        sleep(Duration.ofMillis(1));
                    }
                }
            });""";

    @TempDir
    Path directory;

    private ObservedPrograms programs;

    /** What the program says of the child of its pool. */
    private String child = "";

    @BeforeEach
    void begin() {
        programs = new ObservedPrograms(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    private List<String> record(String... settings) throws Exception {
        Path file = directory.resolve("shop.jfr");
        List<String> options = Stream.concat(Stream.of("filename=" + file), Stream.of(settings)).toList();
        Process process = programs.start(PROGRAM, "-XX:StartFlightRecording:" + String.join(",", options));
        process.getOutputStream().write('x');
        process.getOutputStream().flush();
        child = process.inputReader().lines().filter(line -> line.startsWith("child ")).findFirst().orElseThrow();
        assertEquals(0, process.waitFor());
        Process jfr = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(), "print", "--events",
                "dev.heddle.*", file.toString()).redirectErrorStream(true).start();
        String printed = new String(jfr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jfr.waitFor(), printed);
        return List.of(printed.split("\n\n", -1));
    }

    private static void assertOne(List<String> events, String name, String... lines) {
        assertTrue(
                events.stream().anyMatch(event -> event.strip().startsWith("dev.heddle." + name + " {")
                        && Stream.of(lines).allMatch(event::contains)),
                () -> name + " with " + List.of(lines) + " is not in\n" + String.join("\n\n", events));
    }

    @Test
    void connectionsHandshakesAndChildrenAreToldAndTurnsWhereTheyAreAskedFor() throws Exception {
        List<String> events = record(
                "+dev.heddle.TaskRun#enabled=true", "+dev.heddle.TaskRun#threshold=20ms",
                "+dev.heddle.Connect#threshold=0ms", "+dev.heddle.TlsHandshake#threshold=0ms");

        assertOne(events, "Connect", "peer = \"localhost:");
        assertOne(events, "Connection", "peer = \"127.0.0.1:");
        assertOne(events, "TlsHandshake", "failure = N/A");
        assertOne(events, "TlsHandshake", "failure = \"dev.heddle.io.TlsException");
        assertOne(events, "TaskRun", "task = \"baker\"");
        String pid = "pid = " + child.substring("child ".length());
        assertOne(events, "WorkerProcess", "pool = \"ovens\"", pid, "what = \"started\"");
        assertOne(events, "WorkerProcess", "pool = \"ovens\"", pid, "what = \"killed\"");
    }

    @Test
    void turnsAreNotToldUnlessTheyAreAskedFor() throws Exception {
        List<String> events = record();

        assertOne(events, "Connection", "peer = \"127.0.0.1:");
        assertOne(events, "WorkerProcess", "what = \"started\"");
        assertFalse(events.stream().anyMatch(event -> event.contains("dev.heddle.TaskRun {")), events::toString);
    }
}
