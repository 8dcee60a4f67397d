package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Framing;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.MessageStream;
import dev.heddle.io.StreamTimeouts;
import dev.heddle.io.Streams;
import dev.heddle.io.TextStream;
import dev.heddle.net.Dns;
import dev.heddle.net.Listener;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Readiness;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** More lines for people who come from Python: streams, selectors, and what Twisted and Tornado have of them. */
final class NetworkFromPythonTest {

    @Test
    void readingBySizesAndEnds() {
        run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                pair.left().write("abcdone;rest");
                pair.left().closeOutput();
                ByteStream stream = pair.right();
                byte[] head = stream.readExactly(3);
                byte[] message = stream.readUntil(";".getBytes(StandardCharsets.US_ASCII), 1024);
                assertEquals("abc", new String(head, StandardCharsets.US_ASCII));
                assertTrue(new String(message, StandardCharsets.US_ASCII).startsWith("done"));
                assertEquals(4, stream.readAll(100).length);
                stream.closeOutput();
                stream.close();
                stream.abort();
            }
        });
    }

    @Test
    void streamsAroundStreams() {
        Sim.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair(); MemoryStreams.Pair back = MemoryStreams.pair()) {
                ByteStream both = Streams.staple(pair.right(), back.left());
                ByteStream patient = Streams.withTimeouts(both, StreamTimeouts.NONE.withIdle(Duration.ofSeconds(30)));
                assertThrows(DeadlineExceededException.class, () -> patient.read(new byte[1]));
            }
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                var lines = new MessageStream(pair.left(), Framing.lines(1024));
                lines.send("héllo".getBytes(StandardCharsets.UTF_8));
                lines.closeOutput();
                TextStream text = TextStream.strict(pair.right(), StandardCharsets.UTF_8);
                assertEquals(Optional.of("héllo\n"), text.receive());
            }
        });
    }

    @Test
    void namesAndServers() {
        Sim.run(SimOptions.DEFAULT.withCheckLeftovers(true), sim -> {
            String host = "example.org";
            var old = sim.network().host(host);
            assertEquals(List.of(old.address()), Dns.resolve(host));
            Listener listener = Tcp.listen(0);
            listener.close();
        });
    }

    @Test
    void serversOfDatagrams() {
        String echoed = run(() -> {
            try (UdpSocket server = Udp.bind("127.0.0.1", 0);
                    UdpSocket client = Udp.connect("127.0.0.1", server.port())) {
                spawn(() -> server.serve(100, datagram -> server.send(datagram.payload(), datagram.from())));
                client.send("hello");
                return client.receive().text();
            }
        });
        assertEquals("hello", echoed);
    }

    @Test
    void pollers() {
        run(() -> {
            Pipe pipe = Pipe.open();
            Pipe.SourceChannel channel = pipe.source();
            channel.configureBlocking(false);
            try (Poller<String> poller = Poller.open()) {
                PollKey<String> key = poller.add(channel, Poller.READABLE, "the pipe");
                assertEquals(List.of(key), poller.keys());
                assertEquals(Optional.of(key), poller.find(channel));
                poller.wake();
                assertEquals(List.of(), poller.await());
                key.close();
            }
            Task<Void> reader = spawn(() -> Readiness.awaitReadable(channel));
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            reader.join();
            Readiness.closing(channel);
            pipe.source().close();
            pipe.sink().close();
        });
    }

    @Test
    void socketsThatDoNotBlock() {
        run(() -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 0); SocketChannel socket = SocketChannel.open()) {
                socket.configureBlocking(false);
                if (!socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()))) {
                    Readiness.awaitWritable(socket);
                    socket.finishConnect();
                }
                ByteStream accepted = listener.accept();
                assertEquals(1, socket.write(ByteBuffer.wrap(new byte[1])));
                assertEquals(1, accepted.readExactly(1).length);
                accepted.close();
                Readiness.closing(socket);
            }
        });
    }

    /** What select tells in its second set of a connection that is refused. */
    @Test
    void connectionThatFailsIsReadyToBeWritten() {
        run(() -> {
            try (SocketChannel socket = SocketChannel.open(); Poller<String> poller = Poller.open()) {
                socket.configureBlocking(false);
                if (!socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))) {
                    PollKey<String> key = poller.add(socket, Poller.WRITABLE, "a connection");
                    assertEquals(List.of(key), poller.awaitWithin(Duration.ofSeconds(20)));
                    assertTrue(key.isWritable());
                    boolean failed = (key.readiness() & Poller.FAILED) != 0;
                    assertEquals(!currentLoop().engine().name().equals("nio"), failed);
                    assertThrows(ConnectException.class, socket::finishConnect);
                    key.close();
                }
            }
        });
    }

    @Test
    void textIsEncodedAndWhoConnectedIsKnown() {
        run(() -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 0);
                    ByteStream client = Tcp.connect("127.0.0.1", listener.port())) {
                client.write("héllo".getBytes(StandardCharsets.UTF_8));
                client.closeOutput();
                ByteStream accepted = listener.accept();
                assertEquals(client.localAddress(), accepted.remoteAddress());
                Optional<String> text = TextStream.strict(accepted, StandardCharsets.UTF_8).receive();
                assertEquals(Optional.of("héllo"), text);
                assertEquals(-1, accepted.read(new byte[1]));
                accepted.close();
            }
        });
    }
}
