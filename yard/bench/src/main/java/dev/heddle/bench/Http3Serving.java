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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The benchmark of what a response costs a server by HTTP/3, beside the same by HTTP/2 and by Netty; our client asks. */
final class Http3Serving implements Workload {

    private static final String HTTP_3 = "HTTP/3";
    private static final double MICROS = 1e3;
    private static final double MILLIS = 1e6;
    private static final int AT_ONCE = 50;
    private static final int SMALL_PAGES = Counts.isQuick() ? 2_000 : 20_000;
    private static final int LARGE_PAGES = Counts.isQuick() ? 20 : 200;
    private static final int LARGE_AT_ONCE = 4;
    private static final int PERCENTILE = 99;
    private static final int PERCENT = 100;
    private static final int TRIES = 60;

    private final TlsAuthority authority = TlsAuthority.create("bench", Duration.ofDays(1));
    private final TlsIdentity identity = authority.issue(Duration.ofHours(2), "localhost");
    private final Path file;
    private final ServerProcess server;
    private final ProcessClock clock;
    private final boolean http3;

    private Http3Serving(String kind, boolean http3) {
        try {
            file = Files.createTempFile("heddle-bench", ".pem");
            Files.writeString(file, identity.pem());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        this.server = ServerProcess.start(kind, Peer.java(List.of(), Http3Main.class, kind, file.toString()), true, "");
        this.clock = new ProcessClock(server.pid());
        this.http3 = http3;
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "http3",
                "Pages of 1 KiB, 50 at a time, and of 1 MiB, 4 at a time, over one connection; the server has one"
                        + " processor, the client, Heddle's, the other",
                Counts.warmUps(4),
                Counts.rounds(5),
                List.of(
                        new Measure("CPU of a page of 1 KiB, server only", "us", Target.atMostTimesFloor(1)),
                        new Measure("99th percentile of it", "ms"),
                        new Measure("CPU of a page of 1 MiB, server only", "us", Target.atMostTimesFloor(1))),
                List.of(
                        Side.peer("Netty by HTTP/3", () -> new Http3Serving("netty-3", true)),
                        Side.peer("Heddle by HTTP/2", () -> new Http3Serving("heddle-2", false)),
                        Side.ours("Heddle by HTTP/3", () -> new Http3Serving("heddle-3", true)))));
    }

    @Override
    public double[] round() {
        return Heddle.run(Loops.PATIENT, () -> {
            HttpClient.Builder options = HttpClient.builder()
                    .tls(ClientTls.DEFAULT.withTrust(authority.trust()));
            try (HttpServer first = first();
                    HttpClient client = (http3 ? options.http3() : options).build()) {
                String url = "https://localhost:" + (http3 ? first.port() : server.port());
                if (http3) {
                    awaitHttp3(client, url);
                }
                double[] small = load(client, url + Http3Main.SMALL_PATH, SMALL_PAGES, AT_ONCE, Http3Main.SMALL_BYTES);
                double[] large = load(client, url + Http3Main.LARGE_PATH, LARGE_PAGES, LARGE_AT_ONCE,
                        Http3Main.LARGE_BYTES);
                return new double[]{small[0], small[1], large[0]};
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

    /** @return microseconds of the server's processor for each, and the 99th percentile of the time of one in milliseconds */
    private double[] load(HttpClient client, String url, int pages, int atOnce, int bytes) {
        long[] times = new long[pages];
        int[] count = {0};
        long before = clock.nanos();
        Heddle.forEach(Collections.nCopies(pages, url), atOnce, each -> {
            long begin = System.nanoTime();
            int length = client.get(each).bytes().length;
            if (length != bytes) {
                throw new IllegalStateException("got " + length + " bytes");
            }
            times[count[0]++] = System.nanoTime() - begin;
        });
        double cpu = clock.nanos() - before;
        Arrays.sort(times);
        return new double[]{cpu / pages / MICROS, times[pages * PERCENTILE / PERCENT] / MILLIS};
    }

    @Override
    public void close() {
        server.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
