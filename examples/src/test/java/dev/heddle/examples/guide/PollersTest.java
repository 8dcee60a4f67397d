package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.io.ByteStream;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Readiness;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on pollers and datagrams. */
final class PollersTest {

    private static void echo(ServerSocketChannel server, int connections) throws IOException {
        try (Poller<ByteBuffer> poller = Poller.open()) {
            poller.add(server, Poller.READABLE, ByteBuffer.allocate(0));
            for (int ended = 0; ended < connections;) {
                for (PollKey<ByteBuffer> key : poller.await()) {
                    switch (key.channel().orElseThrow()) {
                        case ServerSocketChannel listening -> accept(listening, poller);
                        case SocketChannel socket -> ended += answer(socket, key);
                        default -> throw new IllegalStateException(key.toString());
                    }
                }
            }
        }
    }

    private static void accept(ServerSocketChannel listening, Poller<ByteBuffer> poller) throws IOException {
        SocketChannel socket = listening.accept();
        if (socket != null) {                                          // readiness is a hint
            socket.configureBlocking(false);
            poller.add(socket, Poller.READABLE, ByteBuffer.allocate(1024));
        }
    }

    private static int answer(SocketChannel socket, PollKey<ByteBuffer> key) throws IOException {
        ByteBuffer bytes = key.attachment();
        if (key.isReadable() && socket.read(bytes) < 0) {
            key.close();                                               // the key first, then its channel
            socket.close();
            return 1;
        }
        bytes.flip();
        socket.write(bytes);
        bytes.compact();
        key.want(bytes.position() > 0 ? Poller.WRITABLE : Poller.READABLE);
        return 0;
    }

    @Test
    void serverOnAPoller() {
        run(() -> {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
                Task<?> echo = spawn(() -> echo(server, 3));
                int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
                List<String> answers = map(List.of("a", "b", "c"), 3, text -> {
                    try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
                        stream.write(text);
                        return new String(stream.readExactly(1), StandardCharsets.UTF_8);
                    }
                });
                assertEquals(List.of("a", "b", "c"), answers);
                echo.join();
            }
        });
    }

    @Test
    void channelOfADriver() {
        run(() -> {
            Pipe pipe = Pipe.open();
            try (Pipe.SourceChannel driver = pipe.source();
                    Pipe.SinkChannel sink = pipe.sink()) {
                driver.configureBlocking(false);
                spawn(() -> sink.write(ByteBuffer.allocate(3)));
                ByteBuffer bytes = ByteBuffer.allocate(10);
                while (driver.read(bytes) == 0) {
                    Readiness.awaitReadable(driver);
                }
                assertEquals(3, bytes.position());
            }
        });
    }

    @Test
    void echoOfDatagrams() {
        List<String> lines = Output.of(() -> run(() -> {
            try (UdpSocket server = Udp.bind("127.0.0.1", 0)) {
                spawn("server", () -> server.serve(100, datagram -> server.send(datagram.payload(), datagram.from())));

                try (UdpSocket client = Udp.connect("127.0.0.1", server.port())) {
                    client.send("hello");
                    IO.println(timeout(Duration.ofSeconds(5), () -> client.receive().text()));
                }
            }
        }));
        assertEquals(List.of("hello"), lines);
    }

    @Test
    void badDay() {
        LinkOptions bad = LinkOptions.DEFAULT.withLoss(0.2).withDuplicate(0.1).withReorder(0.1);
        Sim.run(SimOptions.DEFAULT.withLink(bad), sim -> {
            try (UdpSocket server = Udp.bind("127.0.0.1", 7)) {
                spawn(() -> server.serve(100, datagram -> server.send(datagram.payload(), datagram.from())));
                assertEquals("ping", ask("ping"));
            }
        });
    }

    private static String ask(String question) {
        try (UdpSocket client = Udp.connect("127.0.0.1", 7)) {
            while (true) {
                client.send(question);
                Optional<String> answer = moveOnAfter(Duration.ofMillis(200), () -> client.receive().text());
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
    }
}
