package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.FreePorts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Tcp;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restarts of a real service under load: nothing is refused, reset or cut off. */
@Tag("full")
final class RestartTest {

    /** With {@code -Dheddle.restarts=20} there are a hundred thousand requests. */
    private static final int RESTARTS = Integer.getInteger("heddle.restarts", 3);

    private static final int MIN_REQUESTS = 5_000 * RESTARTS;
    private static final long PATIENCE_SECONDS = 60;
    private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    /** What the unit starts. */
    private static final Path JAVA = Path.of("/usr/bin/java");

    @TempDir
    Path directory;

    /** What has been answered, by whom. */
    private static final class Load {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Set<String> servers = new HashSet<>();
        private int requests;

        /** Over connections that are kept. */
        private void kept(int port) {
            try (HttpClient http = HttpClient.create()) {
                while (!over.get()) {
                    answered(http.get("http://127.0.0.1:" + port + "/").text());
                }
            }
        }

        /** Each over a connection of its own, and nothing is tried again. */
        private void fresh(int port) {
            while (!over.get()) {
                try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
                    stream.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    String answer = new String(stream.readAll(10_000), StandardCharsets.US_ASCII);
                    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                    answered(answer.substring(answer.indexOf("\r\n\r\n") + 4));
                }
            }
        }

        private void answered(String server) {
            servers.add(server);
            requests++;
        }
    }

    private static Process begin(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void awaitServing(Process service) throws IOException {
        BufferedReader lines = service.inputReader();
        String line = lines.readLine();
        assertTrue(line != null && line.startsWith("serving "), String.valueOf(line));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void restartsLoseNoRequest() throws Exception {
        int port = FreePorts.next();
        List<String> command = Program.command(
                RestartedService.class, directory.resolve("h").toString(), Integer.toString(port));
        var load = new Load();
        List<Process> all = new ArrayList<>();
        try {
            all.add(begin(command));
            awaitServing(all.getFirst());
            Heddle.run(() -> Heddle.group(g -> {
                for (int i = 0; i < 4; i++) {
                    g.spawn(() -> load.kept(port));
                    g.spawn(() -> load.fresh(port));
                }
                Task<Void> restarting = g.spawn(() -> Heddle.offload(() -> {
                    for (int i = 1; i <= RESTARTS; i++) {
                        all.add(begin(command));
                        awaitServing(all.getLast());
                        Process before = all.get(i - 1);
                        assertTrue(before.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the one before goes on");
                        assertEquals(0, before.exitValue());
                    }
                }));
                restarting.join();
                while (load.requests < MIN_REQUESTS) {
                    Heddle.sleep(Duration.ofMillis(50));
                }
                load.over.set(true);
            }));
            assertEquals(RESTARTS + 1, load.servers.size(), "each has served");
        } finally {
            all.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void serviceManagersSocketIsServed() throws Exception {
        assumeTrue(Files.isExecutable(ACTIVATE), "systemd is not installed");
        int port = FreePorts.next();
        List<String> command = new ArrayList<>(List.of(
                ACTIVATE.toString(), "-l", "127.0.0.1:" + port, "--fdname=web"));
        command.addAll(Program.command(RestartedService.class));
        Process activator = begin(command);
        try {
            var load = new Load();
            Heddle.run(() -> Heddle.timeout(Duration.ofSeconds(PATIENCE_SECONDS), () -> {
                while (!listens(port)) {
                    Heddle.sleep(Duration.ofMillis(20));
                }
                Heddle.group(g -> {
                    g.spawn(() -> load.fresh(port));
                    while (load.requests < 1000) {
                        Heddle.sleep(Duration.ofMillis(10));
                    }
                    load.over.set(true);
                });
            }));
            assertEquals(Set.of(Long.toString(activator.pid())), load.servers,
                    "it is executed in the activator's place");
        } finally {
            activator.destroy();
            assertTrue(activator.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it has stopped in order");
        }
    }

    @Test
    void unitsAreAcceptedBySystemd() throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE) && Files.isExecutable(JAVA), "systemd or a java is not installed");
        Path units = Path.of("systemd").toAbsolutePath();
        Process analysis = new ProcessBuilder(ANALYZE.toString(), "verify", "--man=no",
                units.resolve("service.socket").toString(), units.resolve("service.service").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(analysis.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, analysis.waitFor(), said);
        assertFalse(said.contains("service."), said);
    }

    private static boolean listens(int port) {
        try (ByteStream probe = Tcp.connect("127.0.0.1", port)) {
            return probe.isOpen();
        } catch (ConnectFailedException e) {
            return false;
        }
    }
}
