package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A server of {@link Http3Main} in a process of its own, on the first processor, and Heddle's client that asks it. */
final class Http3Pages implements AutoCloseable {

    private static final String HTTP_3 = "HTTP/3";
    private static final int SMALL_AT_ONCE = 50;
    private static final int LARGE_AT_ONCE = 4;
    private static final double MICROS = 1e3;
    private static final double MILLIS = 1e6;
    private static final int PERCENTILE = 99;
    private static final int PERCENT = 100;
    private static final int TRIES = 60;

    private final TlsAuthority authority = TlsAuthority.create("bench", Duration.ofDays(1));
    private final TlsIdentity identity = authority.issue(Duration.ofHours(2), "localhost");
    private final Path file;
    private final ServerProcess server;
    private final ProcessClock clock;
    private final boolean http3;

    /**
     * What a load has cost.
     *
     * @param cpuMicros microseconds of the server's processor for each page
     * @param medianMillis the median of the time of a page, in milliseconds
     * @param percentileMillis its 99th percentile, in milliseconds
     */
    record Cost(double cpuMicros, double medianMillis, double percentileMillis) {}

    /** Something to do with a client that is connected. */
    interface Asking {

        /** Asks for the pages that are there, and gives the numbers of a round. */
        double[] ask(HttpClient client, String url);
    }

    /**
     * Starts a server.
     *
     * @param kind what {@link Http3Main} calls it
     * @param http3 whether it is asked by HTTP/3
     * @param options what its JVM gets besides
     */
    Http3Pages(String kind, boolean http3, String... options) {
        try {
            file = Files.createTempFile("heddle-bench", ".pem");
            Files.writeString(file, identity.pem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.server = ServerProcess.start(
                kind, Peer.java(List.of(options), Http3Main.class, kind, file.toString()), true, "");
        this.clock = new ProcessClock(server.pid());
        this.http3 = http3;
    }

    ServerProcess server() {
        return server;
    }

    /** Asks with a new client, of which one connection is open. */
    double[] ask(Asking asking) {
        return Heddle.run(Loops.PATIENT, () -> {
            HttpClient.Builder options = HttpClient.builder()
                    .tls(ClientTls.DEFAULT.withTrust(authority.trust()));
            try (HttpServer first = first();
                    HttpClient client = (http3 ? options.http3() : options).build()) {
                String url = "https://localhost:" + (http3 ? first.port() : server.port());
                if (http3) {
                    awaitHttp3(client, url);
                }
                return asking.ask(client, url);
            }
        });
    }

    /** Says where HTTP/3 is. */
    private HttpServer first() {
        return HttpServer.builder()
                .tls(ServerTls.of(identity))
                .get("/", request -> Response.empty().withHeader("Alt-Svc", "h3=\":" + server.port() + "\"; ma=3600"))
                .start("127.0.0.1", 0);
    }

    private static void awaitHttp3(HttpClient client, String url) {
        for (int i = 0; i < TRIES; i++) {
            client.get(url + "/").bytes();
            try (Reply reply = client.get(url + Http3Main.SMALL_PATH)) {
                if (reply.version().equals(HTTP_3)) {
                    return;
                }
            }
            Heddle.sleep(Duration.ofSeconds(1));
        }
        throw new IllegalStateException("nobody answers by HTTP/3");
    }

    /** Asks for the small page again and again, 50 at once. */
    Cost loadSmall(HttpClient client, String url, int pages) {
        return load(client, url, Http3Main.SMALL_PATH, pages, SMALL_AT_ONCE, Http3Main.SMALL_BYTES);
    }

    /** Asks for the large page again and again, 4 at once. */
    Cost loadLarge(HttpClient client, String url, int pages) {
        return load(client, url, Http3Main.LARGE_PATH, pages, LARGE_AT_ONCE, Http3Main.LARGE_BYTES);
    }

    private Cost load(HttpClient client, String url, String path, int pages, int atOnce, int bytes) {
        long[] times = new long[pages];
        int[] count = {0};
        long before = clock.nanos();
        Heddle.forEach(Collections.nCopies(pages, url + path), atOnce, each -> {
            long begin = System.nanoTime();
            int length = page(client, url, each).length;
            if (length != bytes) {
                throw new IllegalStateException("got " + length + " bytes");
            }
            times[count[0]++] = System.nanoTime() - begin;
        });
        double cpu = clock.nanos() - before;
        Arrays.sort(times);
        return new Cost(cpu / pages / MICROS, times[pages / 2] / MILLIS, times[pages * PERCENTILE / PERCENT] / MILLIS);
    }

    /** A connection that is lost with its packets is made anew, and the time for that counts. */
    private byte[] page(HttpClient client, String url, String page) {
        while (true) {
            try (Reply reply = client.get(page)) {
                if (!http3 || reply.version().equals(HTTP_3)) {
                    return reply.bytes();
                }
            }
            awaitHttp3(client, url);
        }
    }

    @Override
    public void close() {
        server.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
