package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.TaskFailedException;
import dev.heddle.engine.NioEngine;
import dev.heddle.examples.Output;
import dev.heddle.io.ByteCounter;
import dev.heddle.io.ByteRateLimiter;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Framing;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.MessageStream;
import dev.heddle.io.StreamTimeouts;
import dev.heddle.io.Streams;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.ConnectOptions;
import dev.heddle.net.Dns;
import dev.heddle.net.Listener;
import dev.heddle.net.ListenerGroup;
import dev.heddle.net.PerLoopListener;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.SrvRecord;
import dev.heddle.net.StreamHandler;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.Unix;
import dev.heddle.sim.Sim;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's chapter on more of streams and servers. */
final class StreamsAndServersTest {

    private final String host = "127.0.0.1";
    private final List<String> shown = new ArrayList<>();

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] answer(byte[] message) {
        return bytes(text(message).toUpperCase(Locale.ROOT));
    }

    private static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(4 + message.length).putInt(message.length).put(message).array();
    }

    private static void talk(ByteStream stream) {
        for (String line : stream.lines(1024)) {
            stream.write(line.toUpperCase(Locale.ROOT) + "\n");
        }
    }

    private void show(String line) {
        shown.add(line);
    }

    @Test
    void messagesGoThereAndBack() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                spawn("server", () -> listener.serve(10, stream -> {
                    for (byte[] message : new MessageStream(stream, Framing.lengthPrefixed(4, 1_000_000))) {
                        stream.write(frame(answer(message)));
                    }
                }));
                int port = listener.port();
                byte[] question = bytes("question");
                try (var messages = new MessageStream(Tcp.connect(host, port), Framing.lengthPrefixed(4, 1_000_000))) {
                    messages.send(question);
                    byte[] answer = messages.receive().orElseThrow();
                    IO.println(text(answer));
                }
            }
        }));
        assertEquals(List.of("QUESTION"), lines);
    }

    @Test
    void linesComeInALoop() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                pair.left().write("one\ntwo\n");
                pair.left().closeOutput();
                talk(pair.right());
                assertEquals("ONE\nTWO\n", text(pair.left().readExactly(8)));
            }
        });
    }

    @Test
    void fileIsSent() {
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                ByteStream stream = pair.left();
                assertThrows(UncheckedIOException.class, () -> {
                    long sent = stream.sendFile(Path.of("report.pdf"));
                    assertEquals(0, sent, "there is no such file here");
                });
            }
        });
    }

    @Test
    void wrappersTakeAStreamsPlace() {
        Sim.run(() -> {
            ByteRateLimiter uplink = ByteRateLimiter.of(1_000_000);                   // bytes per second, for all streams that are given it
            ByteCounter meter = new ByteCounter();
            var timeouts = StreamTimeouts.NONE.withRead(Duration.ofSeconds(30)).withIdle(Duration.ofMinutes(5));

            StreamHandler handler = accepted -> {
                ByteStream stream = Streams.throttled(accepted, ByteRateLimiter.unlimited(), uplink);
                stream = Streams.withTimeouts(Streams.metered(stream, meter), timeouts);
                talk(Streams.limited(stream, 10_000_000));               // the peer may send ten megabytes in all
            };
            try (var pair = MemoryStreams.pair()) {
                pair.left().write("abc\n");
                var e = assertThrows(DeadlineExceededException.class, () -> handler.handle(pair.right()));
                assertEquals(true, e.getMessage().contains("read timeout"));
                assertEquals(4, meter.statistics().bytesRead());
                assertEquals(4, meter.statistics().bytesWritten());
            }
        });
    }

    @Test
    void proxyIsARelay() {
        Sim.run(() -> {
            Listener inner = Tcp.listen(0);
            spawn("server", () -> inner.serve(10, stream -> talk(stream)));
            int behind = inner.port();
            Listener listener = Tcp.listen(0);
            spawn("proxy", () -> {
                listener.serve(1_000, client -> {
                    try (ByteStream server = Tcp.connect("127.0.0.1", behind)) {
                        Streams.relay(client, server);
                    }
                });
            });
            try (ByteStream client = Tcp.connect(host, listener.port())) {
                client.write("through\n");
                client.closeOutput();
                assertEquals("THROUGH\n", text(client.readAll(100)));
            }
            listener.close();
            inner.close();
        });
    }

    @Test
    void severalListenersAreServedAsOne(@TempDir Path directory) {
        Path path = directory.resolve("app.sock");
        run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            try (ListenerGroup listeners = ListenerGroup.of(Tcp.listen("127.0.0.1", 0), Unix.listen(path))) {
                ServeOptions options = ServeOptions.DEFAULT.withMaxConnections(1_000).withMaxPerAddress(20);
                spawn("server", () -> listeners.serve(options, stream -> talk(stream)));
                sleep(Duration.ofMillis(20));
                listeners.stop(Duration.ofSeconds(10));
            }
        });
        assertEquals(false, Files.exists(path));
    }

    @Test
    void onePortIsServedByAllLoops() {
        run(Config.DEFAULT.withLoops(2), () -> {
            try (PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0)) {
                spawn("server", () -> listeners.serve(ServeOptions.DEFAULT, stream -> talk(stream)));
                sleep(Duration.ofMillis(20));
                listeners.stop(Duration.ofSeconds(10));
            }
        });
    }

    @Test
    void connectHasBoundsAndChoosesAddresses() {
        run(() -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 0)) {
                int port = listener.port();
                var options = ConnectOptions.DEFAULT.withTimeout(Duration.ofSeconds(3))
                        .withAddresses(InetAddress::isLoopbackAddress);
                try (ByteStream stream = Tcp.connect("localhost", port, options)) {
                    stream.write("hello\n");
                }
                assertEquals("hello", listener.accept().readLine(10).orElseThrow());
            }
        });
    }

    @Test
    void namesOfAServerOfOnesOwn() {
        run(() -> {
            try (UdpSocket server = Udp.bind("127.0.0.1", 0)) {
                spawn(() -> server.serve(100, asked -> server.send(addressFor(asked.bytes()), asked.from())));
                InetSocketAddress nameServer = server.localAddress();
                List<String> names = List.of("db", "web");
                Resolver resolver = Resolver
                        .of(ResolverOptions.of(nameServer).withSearch(List.of("corp.example"), 1));
                List<List<InetAddress>> found = map(names, 10_000, name -> resolver.resolve(name));
                assertEquals(List.of(InetAddress.ofLiteral("192.0.2.1")), found.getLast());
            }
        });
    }

    /** An answer that has 192.0.2.1 for a question of IPv4, and nothing for others. */
    private static byte[] addressFor(byte[] question) {
        int end = question.length - 11; // what is behind says how long an answer may be
        boolean four = question[end - 3] == 1;
        ByteBuffer answer = ByteBuffer.allocate(end + 16).put(question, 0, end);
        answer.putShort(2, (short) 0x8180).putShort(6, (short) (four ? 1 : 0)).putShort(10, (short) 0);
        byte[] address = {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 1};
        return Arrays.copyOf(answer.put(address).array(), four ? end + 16 : end);
    }

    private static int lookUp() {
        List<InetAddress> addresses = Dns.resolve("example.org");              // the best first
        List<SrvRecord> places = Dns.srv("_imaps._tcp.example.org");           // in the order to try them
        List<String> texts = Dns.txt("example.org");
        return addresses.size() + places.size() + texts.size();
    }

    @Test
    void simulationHasAddressesAndNoNameServers() {
        Sim.run(() -> {
            Sim.current().network().host("example.org");
            assertEquals("_imaps._tcp.example.org", assertThrows(ResolveException.class, () -> lookUp()).host());
        });
    }

    private int fetches;

    private String fetch() throws Exception {
        if (++fetches < 3) {
            Tcp.connect(host, 1).close();
        }
        return "page";
    }

    @Test
    void whatFailsIsTriedAgain() {
        Sim.run(() -> {
            String page = Backoff.DEFAULT.retry(5, () -> fetch(),
                    e -> e instanceof ConnectFailedException);
            assertEquals("page", page);
            assertEquals(3, fetches);
            assertThrows(TaskFailedException.class, () -> Backoff.DEFAULT.retry(() -> {
                throw new Exception("another one");
            }, e -> false));
        });
    }

    @Test
    void connectionIsKeptAlive() {
        Sim.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                int[] connections = new int[1];
                spawn("server", () -> listener.serve(10, stream -> {
                    assertEquals("subscribe", stream.readLine(100).orElseThrow());
                    stream.write("news " + ++connections[0] + "\n");
                }));
                int port = listener.port();
                moveOnAfter(Duration.ofMinutes(1), () -> {
                    Tcp.reconnecting(host, port, Backoff.DEFAULT).run(stream -> {
                        stream.write("subscribe\n");
                        for (String line : stream.lines(4096)) {
                            show(line);
                        }
                    });
                });
            }
        });
        assertEquals(List.of("news 1", "news 2"), shown.subList(0, 2));
    }

    @Test
    void libraryThatBlocksUsesTheLoopsEngine() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                spawn("server", () -> listener.serve(10, stream -> talk(stream)));
                int port = listener.port();
                try (Socket socket = Tcp.socketFactory().createSocket(host, port)) {
                    socket.setSoTimeout(5_000);
                    socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.US_ASCII));
                    byte[] answer = socket.getInputStream().readNBytes(5);
                    IO.println(text(answer));
                }
            }
        }));
        assertEquals(List.of("PING", ""), lines);
    }
}
