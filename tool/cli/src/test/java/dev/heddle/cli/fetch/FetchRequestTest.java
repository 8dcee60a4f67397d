package dev.heddle.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.TestSite;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.ProxyOption;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code heddle fetch} sends when it is told to send more than a GET. */
final class FetchRequestTest {

    @TempDir
    Path directory;

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger posts = new AtomicInteger();
    private TestSite site;

    @BeforeEach
    void startSite() throws Exception {
        site = new TestSite(HttpServer.builder().any("/echo", this::note).post("/broken", request -> {
            posts.incrementAndGet();
            return Response.text("no").withStatus(500);
        }));
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    private Response note(Request request) {
        requests.add(request.method() + " " + request.headers().all("Content-Type") + " "
                + request.headers().all("X-One") + " " + request.headers().all("Accept") + " "
                + new String(request.bytes(1_000_000), StandardCharsets.UTF_8));
        return Response.text("noted");
    }

    private String sent(String... words) {
        CommandLine run = CommandLine.run(words);
        assertEquals(Exit.FINE, run.exit(), run.err() + run.out());
        return requests.remove();
    }

    private static String refusal(String... words) {
        CommandLine run = CommandLine.run(words);
        assertEquals(Exit.USAGE, run.exit(), run.err());
        return run.err().lines().findFirst().orElseThrow();
    }

    @Test
    void fieldsAreSentAsGivenAndReplaceDefaults() {
        assertEquals("GET [] [1, 2] [text/html] ", sent("fetch", "-H", "X-One: 1", "-H", "x-one:2", "-H",
                "Accept: text/html", site.url("/echo")));
    }

    @Test
    void fieldsOfAFileAreNotOnTheCommandLine() throws Exception {
        Path file = Files.writeString(directory.resolve("fields"), "X-One: secret\n\nAccept: a/b\n");

        assertEquals("GET [] [secret] [a/b] ", sent("fetch", "-H", "@" + file, site.url("/echo")));
    }

    @Test
    void dataIsPostedAsAForm() {
        assertEquals("POST [application/x-www-form-urlencoded] [] [*/*] a=1&b=\u00fc",
                sent("fetch", "-d", "a=1", "--data=b=\u00fc", site.url("/echo")));
    }

    @Test
    void fileIsSentAsItIsWithTheTypeThatIsGiven() throws Exception {
        Path file = Files.writeString(directory.resolve("body"), "{\n\"a\": 1}\n");

        assertEquals("PUT [application/json] [] [*/*] {\n\"a\": 1}\n", sent("fetch", "-X", "PUT", "-H",
                "content-type: application/json", "-d", "@" + file, site.url("/echo")));
    }

    @Test
    void anyMethodIsSent() {
        assertEquals("PURGE [] [] [*/*] ", sent("fetch", "-X", "PURGE", site.url("/echo")));
        assertEquals("POST [application/x-www-form-urlencoded] [] [*/*] ", sent("fetch", "-d", "", site.url("/echo")));
    }

    @Test
    void whatNoRequestCanBeIsToldBeforeAnythingIsSent() throws Exception {
        String url = site.url("/echo");
        Path file = Files.writeString(directory.resolve("body"), "x");

        assertEquals("heddle fetch: -H needs a field as 'Name: value', or @FILE with one on each line",
                refusal("fetch", "-H", "secret", url));
        assertEquals("heddle fetch: Content-Length is set by the client itself",
                refusal("fetch", "-H", "Content-Length: 5", url));
        assertTrue(refusal("fetch", "-H", "A: b\r\nEvil: c", url).startsWith("heddle fetch: "));
        assertTrue(refusal("fetch", "-X", "GE T", url).startsWith("heddle fetch: not a method: "));
        assertTrue(refusal("fetch", "-X", "CONNECT", url).startsWith("heddle fetch: CONNECT "));
        assertEquals("heddle fetch: -d: cannot read /none: no such file", refusal("fetch", "-d", "@/none", url));
        assertEquals("heddle fetch: -d @FILE is the whole body; it goes with no other -d",
                refusal("fetch", "-d", "a", "-d", "@" + file, url));
        assertEquals("heddle fetch: --http1 and --http2 exclude each other",
                refusal("fetch", "--http1", "--http2", url));
        assertTrue(requests.isEmpty());
    }

    @Test
    void postThatMayHaveArrivedIsNotSentAgain() {
        CommandLine run = CommandLine.run("fetch", "--retries", "3", "-d", "x", site.url("/broken"));

        assertEquals(Exit.NOT_ALL, run.exit());
        assertEquals(1, posts.get());
    }

    @Test
    void versionIsTheBestOrTheOneThatIsAskedFor() throws Exception {
        List<String> versions = new CopyOnWriteArrayList<>();
        try (TestSite own = new TestSite(HttpServer.builder().get("/", request -> {
            versions.add(request.version());
            return Response.text("x");
        }))) {
            for (List<String> options : List.of(List.<String>of(), List.of("--http1"), List.of("--http2"))) {
                List<String> command = new ArrayList<>(List.of("fetch"));
                command.addAll(options);
                command.add(own.url("/"));
                assertEquals(0, CommandLine.run(command.toArray(String[]::new)).exit());
            }
        }
        assertEquals(List.of("HTTP/1.1", "HTTP/1.1", "HTTP/2"), versions);
    }

    @Test
    void certificateOfNobodyIsRefusedWithAHintAndTakenWithK() throws Exception {
        ServerTls tls = ServerTls.of(TlsIdentity.selfSigned("127.0.0.1"));
        try (TestSite secure = new TestSite(HttpServer.builder().tls(tls).any("/echo", this::note))) {
            String url = secure.url("/echo").replace("http:", "https:");
            CommandLine distrusted = CommandLine.run("fetch", url);
            assertEquals(Exit.NOT_ALL, distrusted.exit());
            assertTrue(distrusted.out().contains("its certificate is not signed by a trusted authority"),
                    distrusted.out());
            assertTrue(distrusted.out().endsWith("; -k does without the check\n"), distrusted.out());
            assertFalse(distrusted.err().contains("warning"), distrusted.err());

            CommandLine insecure = CommandLine.run("fetch", "-k", url);
            assertEquals(Exit.FINE, insecure.exit(), insecure.out());
            assertTrue(insecure.err().startsWith("heddle fetch: warning: certificates are not verified"),
                    insecure.err());
        }
    }

    @Test
    void proxyIsAskedForNamesThatOnlyItKnows() {
        String proxy = site.url("");

        assertEquals("GET [] [] [*/*] ", sent("fetch", "--proxy", proxy, "http://site.invalid/echo"));
        assertEquals("GET [] [] [*/*] ", sent("fetch", "-x", proxy.substring("http://".length()),
                "http://site.invalid/echo"));
    }

    @Test
    void environmentCountsOnlyWhenItIsAskedFor() {
        assertEquals("proxies[http: http://p:1, https: null]",
                ProxyOption.parse("env", Map.of("http_proxy", "http://p:1")).toString());
        assertEquals("proxies[http: https://p:443, https: https://p:443]",
                ProxyOption.parse("https://p", Map.of()).toString());
        assertEquals("no proxies", ProxyOption.parse("env", Map.of()).toString());
    }

    @Test
    void proxyThatIsNoneIsToldWithoutItsPassword() {
        assertEquals("heddle fetch: --proxy: a proxy is http, https or socks5",
                refusal("fetch", "-x", "ftp://p", "http://h/"));
        String refusal = refusal("fetch", "--proxy", "http://me:secret@p:1", "http://h/");
        assertTrue(refusal.contains("--proxy env"), refusal);
        assertFalse(refusal.contains("secret"), refusal);
        assertEquals(List.of(), List.copyOf(requests));
    }
}
