package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.StreamHandler;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples that are servers and clients of TCP, with each other and with those in Python. */
@Timeout(120)
final class SmallServersTest {

    private static final int CLIENTS = 20;
    private static final int HELLOS = 3;
    private static final int PORT = 8080;

    private static final StreamHandler CAPITALS = stream -> Program.example("UpperServer").call("talk", stream);

    /** What all clients print, sorted. */
    private static List<String> hellos() {
        return IntStream.range(0, CLIENTS * HELLOS)
                .mapToObj(i -> "THREAD-" + i / HELLOS + " SAY HELLO " + i % HELLOS)
                .sorted()
                .toList();
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    /** Without what the server prints. */
    private static List<String> ofClients(List<String> lines) {
        return lines.stream().filter(line -> !line.startsWith("client ")).toList();
    }

    private static void talkAll(int port) throws Exception {
        Program.example("HelloClients").call("talkAll", port, CLIENTS, HELLOS);
    }

    /** Talks to the server that answers with addresses, twice on one connection and once on another. */
    private static void assertTellsAddresses(int port) {
        try (ByteStream one = Tcp.connect("127.0.0.1", port);
                ByteStream other = Tcp.connect("127.0.0.1", port)) {
            for (String message : List.of("hello", "again")) {
                one.write(message);
                assertEquals(one.localAddress() + " Your msg " + message, read(one));
            }
            other.write("h\u00e9llo");
            assertEquals(other.localAddress() + " Your msg h\u00e9llo", read(other));
        }
    }

    /** What has come, as {@code recv(1024)} gives it. */
    private static String read(ByteStream stream) {
        byte[] buffer = new byte[1024];
        return new String(buffer, 0, stream.read(buffer), StandardCharsets.UTF_8);
    }

    @Test
    void serverTellsEachClientItsAddress() {
        assertEquals(
                List.of("listening on 127.0.0.1:" + PORT),
                Played.simulated(() -> {
                    Task<Void> server = spawn(() -> Program.example("YourMessage").call("serve", PORT));
                    Sim.current().awaitIdle();
                    assertTellsAddresses(PORT);
                    server.cancel();
                }));
    }

    @Test
    void everyHelloComesBackInCapitals() {
        List<String> lines = ofClients(Played.simulated(() -> {
            try (Listener listener = Tcp.listen(0)) {
                spawn(() -> listener.serve(CLIENTS, CAPITALS));
                talkAll(listener.port());
            }
        }));
        assertEquals(hellos(), sorted(lines));
    }

    // ---- the others in Python ----

    /** Does something with a port. */
    private interface Client {
        void talk(int port) throws Exception;
    }

    /** What a client prints that talks to a server in Python. */
    private static List<String> ofTheirServer(String server, Client client) throws Exception {
        Process python = Python.start(Played.python(server));
        try (var out = python.inputReader()) {
            int port = Integer.parseInt(out.readLine());
            return Output.of(() -> run(() -> client.talk(port)));
        } finally {
            python.destroyForcibly();
        }
    }

    @Test
    void serverInPythonTellsAddressesToo() throws Exception {
        Python.assumeHas("asyncio");
        assertEquals(List.of(), ofTheirServer("YourMessage", SmallServersTest::assertTellsAddresses));
    }
}
