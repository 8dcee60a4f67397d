package dev.heddle.cli.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.cli.ChildJvm;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import dev.heddle.conformance.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle serve} under a service manager: its sockets, and the words that it waits for. */
@Timeout(60)
final class ServeServiceTest {

    private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final Path RECEIVER = Path.of("/usr/bin/socat");
    private static final Path UNITS = Path.of("..", "..", "examples", "systemd");

    @TempDir
    Path directory;

    @BeforeEach
    void makeFile() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "of the file");
    }

    private Process activated(int port, List<String> manager, String... words) throws IOException {
        assumeTrue(Files.isExecutable(ACTIVATE), "systemd is not installed");
        List<String> command = new ArrayList<>(List.of(ACTIVATE.toString(), "-l", "127.0.0.1:" + port));
        command.addAll(manager);
        command.addAll(ChildJvm.command("serve", directory.toString()));
        command.addAll(Arrays.asList(words));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Asks as soon as somebody listens; the manager starts the server by it. */
    private static String ask(int port) throws Exception {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write("GET /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), UTF_8);
            } catch (ConnectException notYet) {
                Thread.sleep(20);
            }
        }
    }

    /** Has the manager start the server, and waits for no answer. */
    private static void nudge(int port) throws Exception {
        for (boolean listens = false; !listens;) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                listens = socket.isConnected();
            } catch (ConnectException notYet) {
                Thread.sleep(20);
            }
        }
    }

    @Test
    void addressOfOnesOwnIsRefusedBesideSocketsOfTheManager() {
        for (String option : List.of("--port", "--host", "--loops")) {
            UsageException refusal = assertThrows(
                    UsageException.class,
                    () -> ServeArguments.parse(List.of(directory.toString(), option, "1"), true));

            assertTrue(refusal.getMessage().startsWith(option + " has no meaning for the sockets of the service"),
                    refusal.getMessage());
        }
        assertTrue(ServeArguments.parse(List.of(directory.toString(), "--compress"), true).compress());
    }

    @Test
    @Tag("full")
    void socketsOfTheManagerAreServedAndItHearsOfReadyAndStop() throws Exception {
        assumeTrue(Files.isExecutable(RECEIVER), "socat is not installed");
        Path words = directory.resolve("words");
        Process receiver = new ProcessBuilder(
                RECEIVER.toString(), "-u", "UNIX-RECV:" + words, "STDOUT").start();
        int port = FreePorts.next();
        try {
            while (!Files.exists(words)) {
                Thread.sleep(20);
            }
            Process server = activated(port, List.of("-E", "NOTIFY_SOCKET=" + words));
            try {
                String answer = ask(port);
                // By its handle, which leaves what it prints.
                server.toHandle().destroy();
                String said = new String(server.getInputStream().readAllBytes(), UTF_8);

                assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("of the file"), answer);
                assertEquals(143, server.waitFor(), said);
                assertTrue(said.contains("serving on http://127.0.0.1:" + port + "/"), said);
                InputStream heard = receiver.getInputStream();
                assertEquals("READY=1STOPPING=1", new String(heard.readNBytes(17), UTF_8));
            } finally {
                server.destroyForcibly();
            }
        } finally {
            receiver.destroyForcibly();
        }
    }

    @Test
    @Tag("full")
    void wrongKindOfSocketIsOneClearLine() throws Exception {
        int port = FreePorts.next();
        Process server = activated(port, List.of("--datagram"));
        try (var nudge = new DatagramSocket()) {
            var poke = new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port);
            do {
                nudge.send(poke);
            } while (!server.waitFor(100, TimeUnit.MILLISECONDS));
            String said = new String(server.getInputStream().readAllBytes(), UTF_8);

            assertEquals(1, server.exitValue(), said);
            assertTrue(said.contains("is a socket that does not listen for streams"), said);
            assertFalse(said.contains("\tat "), said);
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    @Tag("full")
    void portBesideInheritedSocketsIsOneClearLine() throws Exception {
        int port = FreePorts.next();
        Process server = activated(port, List.of(), "-p", "8080");
        try {
            nudge(port);
            String said = new String(server.getInputStream().readAllBytes(), UTF_8);

            assertEquals(Exit.USAGE, server.waitFor(), said);
            assertTrue(said.contains("heddle serve: --port has no meaning"), said);
        } finally {
            server.destroyForcibly();
        }
    }

    /** The command of the unit is put in its place, since systemd looks whether there is one. */
    @Test
    @Tag("full")
    void unitsAreAcceptedBySystemd() throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "systemd is not installed");
        List<String> command = new ArrayList<>(List.of(ANALYZE.toString(), "verify", "--man=no"));
        for (String name : List.of("files.socket", "files.service")) {
            Path copy = directory.resolve(name);
            String unit = Files.readString(UNITS.resolve(name));
            Files.writeString(copy, unit.replace("/opt/heddle/heddle", "/bin/true"));
            command.add(copy.toString());
        }
        Process analysis = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader lines = analysis.inputReader(UTF_8)) {
            String said = String.join("\n", lines.lines().toList());

            assertEquals(0, analysis.waitFor(), said);
            assertFalse(said.contains("files."), said);
        }
    }
}
