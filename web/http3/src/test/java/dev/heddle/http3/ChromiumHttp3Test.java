package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole browser, without a screen, whose page asks our server over HTTP/3. */
@Tag("full")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ChromiumHttp3Test {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Pattern PRINTED = Pattern.compile("(?s)<pre id=\"printed\">(.*?)</pre>");

    private static final String PAGE = """
            <!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">
            <body><pre id="printed"></pre><img src="/done.png">
            <script>
            const print = line => { printed.textContent += line + '\\n'; };
            (async () => {
                print(await (await fetch('/hello')).text());
                const large = await (await fetch('/large')).arrayBuffer();
                print(large.byteLength);
                const echo = await fetch('/echo', {method: 'POST', body: new Uint8Array(large)});
                print((await echo.arrayBuffer()).byteLength);
                const all = await Promise.all([...Array(100).keys()].map(n =>
                    fetch('/number/' + n).then(r => r.text()).then(Number)));
                print(all.reduce((a, b) => a + b));
                const socket = new WebSocket('wss://' + location.host + '/socket');
                print(await new Promise((heard, failed) => {
                    socket.onopen = () => socket.send('socket');
                    socket.onmessage = message => heard(message.data);
                    socket.onerror = () => failed('the socket');
                }));
                socket.close();
                print(performance.getEntriesByType('navigation')[0].nextHopProtocol);
                print([...new Set(performance.getEntriesByType('resource')
                    .filter(e => e.name.includes('/number/')).map(e => e.nextHopProtocol))].join());
            })().catch(e => print('failed: ' + e)).finally(() => fetch('/done', {method: 'POST'}));
            </script>
            """;

    @TempDir
    private Path temp;

    @Test
    void pageAndItsHundredRequestsComeOverHttp3() {
        assumeTrue(Files.isExecutable(CHROMIUM), "there is no Chromium");
        TlsIdentity identity = TlsIdentity.selfSigned("127.0.0.1");
        Set<String> versions = new ConcurrentSkipListSet<>();
        Heddle.run(() -> {
            Event done = Event.named("the end of the script");
            try (HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(identity))
                    .http3()
                    .use((request, next) -> {
                        versions.add(request.version());
                        return next.handle(request);
                    })
                    .get("/", request -> Response.html(PAGE))
                    .get("/hello", request -> Response.text("hello"))
                    .get("/large", request -> Response.bytes("application/octet-stream", new byte[2_000_000]))
                    .get("/number/{n}", request -> Response.text(request.path("n")))
                    .post("/echo", request -> Response.bytes("application/octet-stream", request.bytes(3_000_000)))
                    .webSocket("/socket", (request, socket) -> {
                        for (WebSocketMessage each : socket) {
                            socket.sendText(((WebSocketMessage.Text) each).text() + " " + request.version());
                        }
                    })
                    .post("/done", request -> {
                        done.set();
                        return Response.empty();
                    })
                    .get("/done.png", request -> {
                        done.await();
                        return Response.empty(404);
                    })
                    .start("127.0.0.1", 0)) {
                String document = Heddle.offload(() -> browser(server.port(), identity));
                Matcher found = PRINTED.matcher(document);
                assertTrue(found.find(), document);
                assertEquals("hello 2000000 2000000 4950 socket HTTP/3 h3 h3",
                        found.group(1).lines().reduce((a, b) -> a + " " + b).orElse(""));
            }
        });
        assertEquals(Set.of("HTTP/3"), versions);
    }

    private String browser(int port, TlsIdentity identity)
            throws IOException, InterruptedException, GeneralSecurityException {
        byte[] key = identity.certificate().getPublicKey().getEncoded();
        String hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        Path document = temp.resolve("document.html");
        Process browser = new ProcessBuilder(CHROMIUM.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--enable-features=EnableWebsocketsOverHttp3", "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-proxy-server",
                "--origin-to-force-quic-on=127.0.0.1:" + port, "--ignore-certificate-errors-spki-list=" + hash,
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + temp.resolve("profile"), "--timeout=60000", "--dump-dom",
                "https://127.0.0.1:" + port + "/")
                .redirectOutput(document.toFile())
                .redirectError(temp.resolve("errors").toFile())
                .start();
        try {
            assertTrue(browser.waitFor(90, TimeUnit.SECONDS), "Chromium does not end");
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
        }
        return Files.readString(document, StandardCharsets.UTF_8);
    }
}
