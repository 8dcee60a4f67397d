package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Servers on several loops. */
final class SharedPortTest {

    private static final ListenOptions SHARED = ListenOptions.DEFAULT.withReusePort(true);

    private final HttpServer.Builder builder = HttpServer.builder().get("/",
            r -> Response.text(Heddle.currentLoop().name()));

    @Test
    void loopsShareAPort() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            try (HttpServer first = builder.build().start("127.0.0.1", 0, SHARED)) {
                Loop other = other();
                var started = new CountDownLatch(1);
                var done = new CountDownLatch(1);
                int port = first.port();
                Task<Void> second = other.spawn(() -> {
                    try (HttpServer server = builder.build().start("127.0.0.1", port, SHARED)) {
                        assertEquals(port, server.port());
                        started.countDown();
                        done.await();
                    }
                });
                started.await();
                for (int i = 0; i < 20; i++) {
                    try (ByteStream peer = Tcp.connect("127.0.0.1", port)) {
                        peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                        assertTrue(Wire.body(Wire.response(peer)).startsWith("loop"));
                    }
                }
                done.countDown();
                second.join();
            }
        });
    }

    @Test
    void allLoopsServeUntilTheStop() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            HttpServer server = builder.build();
            Task<Void> serving = Heddle.spawn(() -> server.serveOnAllLoops("127.0.0.1", 0));
            while (server.toString().contains("no port")) { // it listens on all loops first
                Heddle.sleep(Duration.ofMillis(1));
            }
            var heard = new HashSet<String>();
            for (int i = 0; i < 1_000 && heard.size() < 2; i++) { // the system spreads them by chance
                try (ByteStream peer = Tcp.connect("127.0.0.1", server.port())) {
                    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    heard.add(Wire.body(Wire.response(peer)));
                }
            }
            assertEquals(2, heard.size(), heard::toString);
            server.stop(Duration.ZERO);
            serving.join();
        });
    }

    @Test
    void serverOfAnotherLoopIsRefused() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            try (HttpServer server = builder.start("127.0.0.1", 0)) {
                Task<Void> wrong = other().spawn(() -> server.serve(MemoryStreams.pair().left()));
                Throwable failure = assertThrows(RuntimeException.class, wrong::join);
                assertTrue(failure instanceof IllegalStateException || failure instanceof TaskFailedException);
            }
        });
    }

    private static Loop other() {
        return Heddle.currentLoop().siblings().stream()
                .filter(loop -> loop != Heddle.currentLoop())
                .findFirst()
                .orElseThrow();
    }
}
