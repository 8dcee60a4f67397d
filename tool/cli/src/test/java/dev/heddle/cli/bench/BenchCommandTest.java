package dev.heddle.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.ChildJvm;
import dev.heddle.cli.CommandLine;
import dev.heddle.cli.FaultServer;
import dev.heddle.cli.TestSite;
import dev.heddle.cli.command.Exit;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code heddle bench} against real servers. */
final class BenchCommandTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch many = new CountDownLatch(100);
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    private HttpServer.Builder routes() {
        return HttpServer.builder()
                .get("/", request -> {
                    asked.incrementAndGet();
                    many.countDown();
                    return Response.text("0123456789");
                })
                .get("/away", request -> Response.redirect(302, "/"))
                .get("/mixed", request -> asked.incrementAndGet() % 4 == 0
                        ? Response.text("no").withStatus(503)
                        : Response.text("yes"))
                .any("/echo", this::note);
    }

    private Response note(Request request) {
        requests.add(request.method() + " " + request.headers().all("X-One") + " "
                + request.headers().all("Accept-Encoding") + " "
                + new String(request.bytes(1_000), StandardCharsets.UTF_8));
        return Response.text("");
    }

    private static String usage(String... words) {
        CommandLine run = CommandLine.run(words);
        assertEquals(Exit.USAGE, run.exit(), run.err());
        return run.err().lines().findFirst().orElseThrow();
    }

    @Test
    void exactlyAsManyRequestsAreSentAsAskedFor() throws Exception {
        try (TestSite site = new TestSite(routes())) {
            CommandLine run = CommandLine.run("bench", "-n", "500", "-c", "7", "--json", site.url("/"));

            assertEquals(Exit.FINE, run.exit(), run.err() + run.out());
            assertEquals(500, asked.get());
            assertEquals("", run.err());
            assertEquals(1, run.lines().size());
            assertTrue(run.out().contains("\"requests\":500,\"ok\":500,\"failed\":0,\"missed\":0,"), run.out());
            assertTrue(run.out().contains("\"bytes\":5000,"), run.out());
        }
    }

    @Test
    void severalLoopsDivideTheRequests() throws Exception {
        try (TestSite site = new TestSite(routes())) {
            CommandLine run = CommandLine.run("bench", "-n", "101", "-c", "4", "--loops", "2", site.url("/"));

            assertEquals(Exit.FINE, run.exit(), run.err() + run.out());
            assertEquals(101, asked.get());
            assertTrue(run.out().startsWith("101 requests in "), run.out());
            assertTrue(run.out().contains(" over 4 connections: 101 ok\n"), run.out());
            assertTrue(run.out().contains("\nstatus   2xx 101\nlatency  p50 "), run.out());
        }
    }

    @Test
    void rateIsKeptAndTheWarmUpIsNotCounted() throws Exception {
        try (TestSite site = new TestSite(routes())) {
            CommandLine run = CommandLine.run("bench", "-z", "500ms", "-w", "200ms", "-r", "100", "--json",
                    site.url("/"));

            assertEquals(Exit.FINE, run.exit(), run.err() + run.out());
            assertTrue(run.out().contains("\"requests\":50,\"ok\":50,"), run.out());
            assertEquals(70, asked.get());
        }
    }

    @Test
    void errorStatusesAreCountedAndExitWithOne() throws Exception {
        try (TestSite site = new TestSite(routes())) {
            CommandLine run = CommandLine.run("bench", "-n", "40", "-c", "2", "--json", site.url("/mixed"));

            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.out().contains("\"2xx\":30,\"3xx\":0,\"4xx\":0,\"5xx\":10}"), run.out());
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (TestSite site = new TestSite(routes())) {
            CommandLine run = CommandLine.run("bench", "-n", "3", site.url("/away"));

            assertTrue(run.out().contains("status   3xx 3\n"), run.out());
            assertEquals(0, asked.get());
        }
    }

    @Test
    void methodFieldsAndBodyAreSentEachTime() throws Exception {
        try (TestSite site = new TestSite(routes())) {
            CommandLine run = CommandLine.run("bench", "-n", "3", "-c", "1", "-X", "PUT", "-H", "X-One: 1", "-d",
                    "data",
                    site.url("/echo"));

            assertEquals(Exit.FINE, run.exit(), run.err() + run.out());
            assertEquals(3, requests.size());
            requests.forEach(request -> assertEquals("PUT [1] [] data", request));
        }
    }

    @Test
    void httpsServerWithAnyCertificateIsLoadedWithK() throws Exception {
        ServerTls tls = ServerTls.of(TlsIdentity.selfSigned("127.0.0.1"));
        try (TestSite site = new TestSite(routes().tls(tls))) {
            String url = site.url("/").replace("http:", "https:");
            CommandLine distrusted = CommandLine.run("bench", "-n", "2", url);
            assertEquals(Exit.NOT_ALL, distrusted.exit());
            assertTrue(distrusted.out().contains("certificate is not signed by a trusted authority; -k does without"),
                    distrusted.out());

            CommandLine run = CommandLine.run("bench", "-k", "-n", "20", "-c", "2", url);
            assertEquals(Exit.FINE, run.exit(), run.err() + run.out());
            assertTrue(run.err().startsWith("heddle bench: warning: certificates are not verified"), run.err());
        }
    }

    @Test
    void whereNobodyListensTheReportComesAtOnceWithTheReason() throws Exception {
        FaultServer gone = FaultServer.silent();
        gone.close();
        CommandLine run = CommandLine.run("bench", "-z", "1h", "-c", "3", gone.url());

        assertEquals(Exit.NOT_ALL, run.exit());
        assertTrue(run.out().contains("failed   3 x cannot connect to 127.0.0.1:"), run.out());
    }

    @Test
    void requestThatTakesTooLongIsAFailureWithItsReason() throws Exception {
        try (FaultServer silent = FaultServer.silent()) {
            CommandLine run = CommandLine.run("bench", "-n", "2", "-t", "200ms", silent.url());

            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.out().contains("failed   2 x no response head after 200 ms"), run.out());
        }
    }

    @Test
    void bodyThatIsCutOffIsAFailureThoughItsHeadCame() throws Exception {
        try (FaultServer cut = new FaultServer(
                FaultServer.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"))) {
            CommandLine run = CommandLine.run("bench", "-n", "2", "-c", "2", "--json", cut.url());

            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.out().contains("\"requests\":2,\"ok\":0,\"failed\":2,"), run.out());
        }
    }

    @Test
    void wrongUsageIsOneClearLine() {
        assertEquals("heddle bench: no URL given", usage("bench"));
        assertEquals("heddle bench: only one URL can be measured", usage("bench", "http://a/", "http://b/"));
        assertEquals("heddle bench: -n and -z are two ends; give one", usage("bench", "-n1", "-z1", "http://h/"));
        assertEquals("heddle bench: --loops: each needs a connection and a request",
                usage("bench", "-c", "2", "--loops", "3", "http://h/"));
        assertEquals("heddle bench: invalid URL: it does not begin with http:// or https://", usage("bench", "h"));
        assertTrue(usage("bench", "-r", "0", "http://h/").startsWith("heddle bench: -r needs a whole number from 1"));
        assertTrue(usage("bench", "-z", "0", "http://h/").startsWith("heddle bench: -z needs a duration above 0"));
    }

    @Test
    @Tag("full")
    void interruptPrintsWhatThereIs() throws Exception {
        try (TestSite site = new TestSite(routes());
                ChildJvm child = ChildJvm.start("bench", "-w", "0", "-c", "2", site.url("/"))) {
            many.await();
            child.signal("INT");
            CommandLine end = child.end();

            assertEquals(130, end.exit());
            assertTrue(end.out().startsWith("interrupted\n"), end.out());
            assertTrue(end.out().contains("latency  p50 "), end.out());
            assertEquals("", end.err());
        }
    }
}
