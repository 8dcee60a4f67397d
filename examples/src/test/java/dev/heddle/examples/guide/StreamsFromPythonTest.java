package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.file.AsyncFiles;
import dev.heddle.file.FileChanges;
import dev.heddle.file.FileMutex;
import dev.heddle.file.FileStream;
import dev.heddle.file.TempPath;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Framing;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.MessageStream;
import dev.heddle.net.Datagram;
import dev.heddle.net.Listener;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.Unix;
import dev.heddle.os.Signals;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines for people who come from Python's streams, selectors, subprocesses, signals and files. */
final class StreamsFromPythonTest {

    @TempDir
    Path directory;

    @Test
    void messages() {
        List<String> lines = new ArrayList<>();
        run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                ByteStream stream = pair.left();
                pair.right().write("a\nb\n");
                pair.right().closeOutput();
                for (String line : stream.lines(1024)) {
                    lines.add(line);
                }
                MessageStream messages = new MessageStream(pair.right(), Framing.netstrings(100_000));
                pair.left().write("5:hello,");
                assertEquals(5, messages.receive().orElseThrow().length);
            }
        });
        assertEquals(List.of("a", "b"), lines);
    }

    @Test
    void unixSocketsAndRetries() {
        Path path = directory.resolve("socket");
        int answer = run(() -> {
            try (Listener listener = Unix.listen(path)) {
                spawn(() -> listener.serve(10, stream -> stream.write(new byte[]{42})));
                ByteStream stream = Backoff.DEFAULT.retry(() -> Unix.connect(path), failure -> true);
                return (int) stream.readExactly(1)[0];
            }
        });
        assertEquals(42, answer);
    }

    @Test
    void tls() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost", "127.0.0.1");
        ServerTls serverTls = ServerTls.of(identity);
        ClientTls clientTls = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        String answer = run(() -> {
            try (Listener listener = Tls.listen("127.0.0.1", 0, serverTls)) {
                spawn(() -> listener.serve(1_000, stream -> stream.write("hello\n")));
                ByteStream stream = Tls.connect("127.0.0.1", listener.port(), clientTls);
                assertTrue(Tls.session(stream).isPresent());
                return stream.readLine(100).orElseThrow();
            }
        });
        assertEquals("hello", answer);
    }

    @Test
    void datagrams() {
        String echoed = run(() -> {
            try (UdpSocket socket = Udp.bind("127.0.0.1", 0);
                    UdpSocket client = Udp.connect("127.0.0.1", socket.port())) {
                client.send("hello");
                Datagram datagram = socket.receive();
                InetSocketAddress from = datagram.from();
                socket.send(datagram.payload(), from);
                return client.receive().text();
            }
        });
        assertEquals("hello", echoed);
    }

    @Test
    void selectors() {
        run(() -> {
            Pipe pipe = Pipe.open();
            Pipe.SourceChannel channel = pipe.source();
            channel.configureBlocking(false);
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            try (Poller<String> poller = Poller.open()) {
                PollKey<String> key = poller.add(channel, Poller.READABLE, "the pipe");
                assertEquals(1, poller.keys().size());
                List<PollKey<String>> ready = poller.awaitWithin(Duration.ofSeconds(20));
                assertEquals("the pipe", ready.getFirst().attachment());
                key.want(0);
                key.close();
            }
            pipe.source().close();
            pipe.sink().close();
        });
    }

    @Test
    void subprocesses() {
        run(() -> {
            String text = Subprocess.run("echo", "hello").check().text();
            assertEquals("hello\n", text);
            assertEquals(3, Subprocess.shell("exit 3").code());
            Subprocess.Result result = Subprocess.run(SubprocessOptions.DEFAULT.withInput("b\na\n"), "sort");
            assertEquals("a\nb\n", result.text());
        });
    }

    @Test
    void signals() {
        run(() -> {
            try (Signals signals = Signals.receive("HUP")) {
                assertFalse(signals.tryTake().isPresent());
            }
        });
    }

    @Test
    void files() {
        run(() -> {
            try (TempPath temp = TempPath.directory("heddle")) {
                Path file = temp.path().resolve("file");
                AsyncFiles.replaceText(file, "one\ntwo\n");
                assertEquals("one\ntwo\n", AsyncFiles.readText(file, 1_000_000));
                try (FileStream stream = FileStream.open(file)) {
                    assertEquals("one", stream.readLine(100).orElseThrow());
                }
                try (FileMutex _ = FileMutex.acquire(temp.path().resolve("lock"))) {
                    assertTrue(FileMutex.tryAcquire(temp.path().resolve("lock")).isEmpty());
                }
                try (FileChanges changes = FileChanges.watch(temp.path())) {
                    AsyncFiles.writeText(file, "three\n");
                    assertEquals(file, changes.take().path());
                }
            }
        });
    }
}
