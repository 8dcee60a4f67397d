package dev.heddle.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.NioEngine;
import dev.heddle.engine.Transport;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/**
 * What a request allocates, on each side, as the JVM counts it for the thread that drives the loop. A test fails when
 * it grows; if that is meant, its number changes with a reason. Nothing here depends on time: it is tried until a round
 * is as cheap as it should be, since loading and compiling come first. The peer is a transport that allocates nothing.
 */
final class AllocationTest {

    private static final int REQUESTS = 2_000;
    private static final int MAX_ROUNDS = 100;

    /** What a round itself costs, its task, its connection and looks at the engine, in each request. */
    private static final double SHARE_OF_ROUND = 7.0;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final byte[] PAGE = ("HTTP/1.1 200 OK\r\nServer: x/1.2.3\r\nDate: Wed, 25 Nov 2026 07:00:00 GMT\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello")
            .getBytes(ISO_8859_1);

    private static final byte[] ASKED = "GET /plaintext HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n"
            .getBytes(ISO_8859_1);

    /** Runs rounds of so many requests in a task until one costs at most so many bytes each. */
    private static void assertAllocates(int most, Action round) {
        double least = Double.MAX_VALUE;
        Config config = Config.DEFAULT.withSignals(false).withEngine(NioEngine::new).withBlockedAfter(ofHours(1));
        try (Loop loop = Loop.create(config)) {
            for (int i = 0; i < MAX_ROUNDS && least > most + SHARE_OF_ROUND; i++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                Task<Void> task = loop.spawn(round);
                while (!task.isDone()) {
                    loop.step(ZERO);
                }
                task.join();
                least = Math.min(least, (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / REQUESTS);
            }
        }
        assertTrue(least <= most + SHARE_OF_ROUND, least + " bytes, not " + most);
    }

    /** A peer that gives the same bytes again and again, and takes what comes. */
    private static final class Giving implements Transport {

        private final byte[] given;
        private final boolean answers;
        private int left;
        private boolean open = true;

        /**
         * @param count how often it gives them by itself; negative to give them once for each write
         */
        Giving(byte[] given, int count) {
            this.given = given;
            this.answers = count < 0;
            this.left = Math.max(0, count);
        }

        @Override
        public int tryRead(ByteBuffer target) {
            if (left == 0) {
                return answers ? 0 : -1;
            }
            left--;
            target.put(given);
            return given.length;
        }

        @Override
        public int tryWrite(ByteBuffer source) {
            int count = source.remaining();
            source.position(source.limit());
            left += answers ? 1 : 0;
            return count;
        }

        @Override
        public void awaitReadable() {}

        @Override
        public void awaitWritable() {}

        @Override
        public void shutdownOutput() {}

        @Override
        public void close() {
            open = false;
        }

        @Override
        public void abort() {
            open = false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public String localAddress() {
            return "here";
        }

        @Override
        public String remoteAddress() {
            return "there";
        }
    }

    @Test
    void getAllocatesItsRequestAndItsReply() {
        assertAllocates(888, () -> {
            try (HttpClient http = HttpClient.builder()
                    .connector((host, port) -> new ByteStream(new Giving(PAGE, -1))).build()) {
                for (int i = 0; i < REQUESTS; i++) {
                    assertEquals(5, http.get("http://localhost:8080/page/1234").bytes().length);
                }
                assertEquals(1, http.statistics().opened());
            }
        });
    }

    @Test
    void servedTextAllocatesItsRequestAndItsResponse() {
        Response text = Response.text("Hello, World!");
        HttpServer server = HttpServer.builder().get("/plaintext", request -> text).build();
        assertAllocates(672, () -> server.serve(new ByteStream(new Giving(ASKED, REQUESTS))));
    }
}
