package dev.heddle.examples;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.StreamHandler;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
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

    /** The server's part of an example that has clients of its own. */
    private static final StreamHandler CAPITALS = stream -> Program.example("TcpEcho").call("answer", stream);

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

    private static void talkAll(int port) throws Exception {
        Program.example("HelloClients").call("talkAll", port, CLIENTS, HELLOS);
    }

    /** Talks to the server that answers with addresses, twice on one connection and once on another. */
    private static void assertTellsAddresses(int port) {
        try (ByteStream one = Tcp.connect("127.0.0.1", port);
                ByteStream other = Tcp.connect("127.0.0.1", port)) {
            for (String message : List.of("hello", "again")) {
                one.write(message + "\n");
                assertEquals(one.localAddress() + " Your msg " + message, one.readLine(100).orElseThrow());
            }
            other.write("h\u00e9llo\n");
            assertEquals(other.localAddress() + " Your msg h\u00e9llo", other.readLine(100).orElseThrow());
        }
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
        List<String> lines = Played.simulated(() -> {
            try (Listener listener = Tcp.listen(0)) {
                spawn(() -> listener.serve(CLIENTS, CAPITALS));
                talkAll(listener.port());
            }
        });
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

    @Test
    void ourClientsTalkToTheServerInPython() throws Exception {
        Python.assumeHas("gevent");
        assertEquals(hellos(), sorted(ofTheirServer("UpperServer", SmallServersTest::talkAll)));
    }

    @Test
    void clientsInPythonTalkToOurServer() throws Exception {
        Python.assumeHas("threading");
        List<String> theirs = run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                spawn(() -> listener.serve(CLIENTS, CAPITALS));
                String[] arguments = {"" + listener.port(), "" + CLIENTS, "" + HELLOS};
                return offload(() -> Python.linesOf(Played.python("HelloClients"), arguments));
            }
        });
        assertEquals(hellos(), sorted(theirs));
    }
}
