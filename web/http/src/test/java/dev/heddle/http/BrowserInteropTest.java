package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.Cors;
import dev.heddle.http.server.FormData;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.server.UploadedFile;
import dev.heddle.sync.Event;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole browser, without a screen, and pages whose scripts use the server in all the ways that pages do. */
@Tag("full")
@LeavesNothing
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class BrowserInteropTest {

    private static final String CHROMIUM = "/usr/bin/chromium";

    /** Browsers speak HTTP/2 over TLS only. */
    private enum Over {
        HTTP_1("http", "HTTP/1.1"),
        HTTP_2("https", "HTTP/2");

        final String scheme;
        final String version;

        Over(String scheme, String version) {
            this.scheme = scheme;
            this.version = version;
        }

        boolean isSecure() {
            return this == HTTP_2;
        }
    }

    /** What a script prints stands in an element of its own. */
    private static final Pattern PRINTED = Pattern.compile("(?s)<pre id=\"printed\">(.*?)</pre>");

    /** The browser is done with a page when the picture is there, and that comes when the script is done. */
    private static final String PAGE = """
            <!doctype html><meta charset="utf-8"><title>test</title>
            <link rel="icon" href="data:,">
            <body><pre id="printed"></pre><img src="/done.png">
            <script>
            const print = line => { printed.textContent += line + '\\n'; };
            const text = (path, options) => fetch(path, options).then(r => r.text());
            (async () => {
            %s
            })().catch(e => print('failed: ' + e)).finally(() => fetch('/done', {method: 'POST'}));
            </script>
            """;

    @TempDir
    private Path temp;

    @BeforeAll
    static void chromiumIsInstalled() {
        OtherProgram.assumeInstalled(CHROMIUM);
    }

    /** What the script has printed at its end, line by line. */
    private List<String> printed(Over over, HttpServer.Builder site, String script) {
        return Heddle.run(() -> printedHere(over, site, script));
    }

    private List<String> printedHere(Over over, HttpServer.Builder site, String script) {
        Event done = Event.named("the end of the script");
        List<String> versions = new ArrayList<>();
        site.get("/", request -> {
            versions.add(request.version());
            return Response.html(PAGE.formatted(script));
        })
                .post("/done", request -> {
                    done.set();
                    return Response.empty();
                })
                .get("/done.png", request -> {
                    done.await();
                    return Response.empty(404);
                });
        if (over.isSecure()) {
            site.tls(ServerTls.of(TlsIdentity.selfSigned("127.0.0.1")));
        }
        try (HttpServer server = site.start("127.0.0.1", 0)) {
            String document = Heddle.offload(() -> browser(over.scheme + "://" + server.address() + "/"));
            Matcher found = PRINTED.matcher(document);
            assertTrue(found.find(), document);
            assertEquals(List.of(over.version), versions);
            assertEquals(0, server.statistics().serverErrors());
            return found.group(1).lines().toList();
        }
    }

    /** The document as it is when it has been loaded; the browser asks nobody but this machine. */
    private String browser(String url) throws Exception {
        return new OtherProgram(temp, CHROMIUM,
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-proxy-server", "--ignore-certificate-errors",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + temp.resolve("profile"), "--timeout=60000", "--dump-dom", url).output();
    }

    @ParameterizedTest
    @EnumSource
    void fetchGetsPostsAndStreams(Over over) {
        HttpServer.Builder site = HttpServer.builder()
                .get("/hello", r -> Response.text("hello"))
                .get("/coded", r -> Compression.DEFAULT.handle(r, q -> Response.text("x".repeat(100_000))))
                .post("/echo", r -> Response.bytes(r.header("Content-Type").orElse(""), r.bytes(1 << 20)))
                .get("/stream", r -> Response.stream("text/plain", out -> {
                    for (int i = 0; i < 100; i++) {
                        out.write("0123456789".getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                    }
                }))
                .get("/login", r -> Response.redirect(303, "/me")
                        .withCookie(Cookie.of("id", "7").withSecure(false))
                        .withCookie(Cookie.of("theme", "dark").withSecure(false).withHttpOnly(false)))
                .get("/me", r -> Response.text(r.cookie("id").orElse("none")));
        assertEquals(
                List.of(
                        "200 hello",
                        "404",
                        "100000",
                        "{\"name\":\"Löwe\"}",
                        "1000",
                        "redirected true: 7",
                        "theme=dark",
                        "20 times hello"),
                printed(over, site, """
                        const hello = await fetch('/hello');
                        print(hello.status + ' ' + await hello.text());
                        print((await fetch('/none')).status);
                        print((await text('/coded')).length);
                        print(await text('/echo', {method: 'POST', body: JSON.stringify({name: 'Löwe'}),
                                                   headers: {'Content-Type': 'application/json'}}));
                        let bytes = 0;
                        for await (const piece of (await fetch('/stream')).body) bytes += piece.length;
                        print(bytes);
                        const me = await fetch('/login');
                        print('redirected ' + me.redirected + ': ' + await me.text());
                        print(document.cookie);
                        const many = await Promise.all(Array.from({length: 20}, () => text('/hello')));
                        print(many.filter(each => each === 'hello').length + ' times hello');
                        """));
    }

    /** Waits for the script before there is a page that asks for it. */
    @Test
    void hintedScriptIsFetchedWhileTheHandlerStillWorks() {
        Heddle.run(() -> {
            Event fetched = Event.named("the script");
            List<Boolean> early = new ArrayList<>();
            HttpServer.Builder site = HttpServer.builder().tls(ServerTls.of(TlsIdentity.selfSigned("127.0.0.1")))
                    .get("/", r -> {
                        r.sendEarlyHints(Headers.of("Link", "</early.js>; rel=preload; as=script"));
                        early.add(Heddle.moveOnAfter(Duration.ofSeconds(20), fetched::await));
                        return Response.html("<pre id='printed'></pre><script src='/early.js'></script>");
                    })
                    .get("/early.js", r -> {
                        fetched.set();
                        return Response.text("printed.textContent = 'early';")
                                .withHeader("Content-Type", "text/javascript")
                                .withHeader("Cache-Control", "max-age=600");
                    });
            try (HttpServer server = site.start("127.0.0.1", 0)) {
                String document = Heddle.offload(() -> browser("https://" + server.address() + "/"));
                assertTrue(document.contains("early"), document);
                assertEquals(List.of(true), early);
            }
        });
    }

    @Test
    void browserSaysHowUrgentItsRequestsAre() {
        HttpServer.Builder site = HttpServer.builder()
                .get("/asked", r -> Response.text(r.header("Priority").orElse("nothing")));
        List<String> asked = printed(Over.HTTP_2, site, """
                print(await text('/asked', {priority: 'high'}));
                print(await text('/asked', {priority: 'low'}));
                """);
        assertEquals("u=1, i", asked.getFirst());
        assertEquals("i", asked.getLast()); // what u=3 is without words
    }

    @ParameterizedTest
    @EnumSource
    void formsAndTheirFilesArrive(Over over) {
        HttpServer.Builder site = HttpServer.builder()
                .post("/form", r -> Response.text(r.form().get("name").orElse("none")))
                .post("/upload", r -> {
                    FormData data = r.formData();
                    UploadedFile file = data.file("file").orElseThrow();
                    return Response.html(data.fields().get("name").orElse("none") + ", " + file.safeFilename() + ", "
                            + file.size() + " bytes");
                });
        assertEquals(
                List.of("Ada + Löwe = 2", "Ada, a b.txt, 300000 bytes", "Löwe, notes.txt, 5 bytes"),
                printed(over, site,
                        """
                                print(await text('/form', {method: 'POST', body: new URLSearchParams({name: 'Ada + Löwe = 2'})}));

                                const data = new FormData();
                                data.append('name', 'Ada');
                                data.append('file', new Blob(['n'.repeat(300000)]), 'a b.txt');
                                print(await text('/upload', {method: 'POST', body: data}));

                                document.body.insertAdjacentHTML('beforeend', `
                                  <iframe name="answer"></iframe>
                                  <form action="/upload" method="post" enctype="multipart/form-data" target="answer">
                                    <input name="name" value="Löwe"><input type="file" name="file">
                                  </form>`);
                                const form = document.forms[0];
                                const files = new DataTransfer();
                                files.items.add(new File(['hello'], 'notes.txt'));
                                form.elements.file.files = files.files;
                                const answer = document.querySelector('iframe');
                                const answered = new Promise(done => answer.addEventListener('load', done));
                                form.submit();
                                await answered;
                                print(answer.contentDocument.body.textContent);
                                """));
    }

    @ParameterizedTest
    @EnumSource
    void eventsComeAndGoOnWhereTheConnectionWasLost(Over over) {
        List<String> asked = new ArrayList<>();
        HttpServer.Builder site = HttpServer.builder().get("/events", r -> {
            int last = r.header("Last-Event-ID").map(Integer::parseInt).orElse(0);
            asked.add("after " + last);
            return Response.events(events -> {
                events.send(ServerSentEvent.of("tick").withId("" + (last + 1)).withRetry(Duration.ofMillis(10)));
                events.send(ServerSentEvent.of("two\nlines").withName("note").withId("" + (last + 2)));
            });
        });
        assertEquals(
                List.of("tick 1", "note two/lines 2", "tick 3", "note two/lines 4"),
                printed(over, site, """
                        await new Promise(done => {
                          const source = new EventSource('/events');
                          source.onmessage = e => print(e.data + ' ' + e.lastEventId);
                          source.addEventListener('note', e => {
                            print('note ' + e.data.replace('\\n', '/') + ' ' + e.lastEventId);
                            if (e.lastEventId === '4') { source.close(); done(); }
                          });
                        });
                        """));
        assertEquals(List.of("after 0", "after 2"), asked);
    }

    @ParameterizedTest
    @EnumSource
    void messagesGoBothWaysAndEachSideSeesTheOthersClose(Over over) {
        List<String> closes = new ArrayList<>();
        List<String> versions = new ArrayList<>();
        HttpServer.Builder site = HttpServer.builder()
                .webSocket("/echo", WebSocketOptions.DEFAULT.withSubprotocols("talk"), (request, socket) -> {
                    versions.add(request.version());
                    for (var message : socket) {
                        socket.send(message);
                    }
                    closes.add(socket.closeCode().orElse(0) + " " + socket.closeReason());
                })
                .webSocket("/leave", (request, socket) -> socket.close(4002, "enough"));
        assertEquals(
                List.of(
                        "talk, permessage-deflate",
                        "Löwe",
                        "200000",
                        "3 bytes: 0,127,255",
                        "closed 4001 true",
                        "closed 4002 enough",
                        "no such socket"),
                printed(over, site,
                        """
                                const url = location.origin.replace('http', 'ws');
                                const socket = new WebSocket(url + '/echo', ['talk']);
                                socket.binaryType = 'arraybuffer';
                                const next = (on, kind) => new Promise(done => on.addEventListener(kind, done, {once: true}));
                                await next(socket, 'open');
                                print(socket.protocol + ', ' + socket.extensions.split(';')[0]);
                                const answer = message => { socket.send(message); return next(socket, 'message').then(e => e.data); };
                                print(await answer('Löwe'));
                                print((await answer('x'.repeat(200000))).length);
                                const bytes = new Uint8Array(await answer(new Uint8Array([0, 127, 255])));
                                print(bytes.length + ' bytes: ' + bytes);
                                socket.close(4001, 'bye');
                                const closed = await next(socket, 'close');
                                print('closed ' + closed.code + ' ' + closed.wasClean);
                                const left = await next(new WebSocket(url + '/leave'), 'close');
                                print('closed ' + left.code + ' ' + left.reason);
                                await next(new WebSocket(url + '/none'), 'error');
                                print('no such socket');
                                """));
        assertEquals(List.of("4001 bye"), closes);
        // Over the connection that the page came by: RFC 8441.
        assertEquals(List.of(over.version), versions);
    }

    @Test
    void pageOfAnotherOriginReadsOnlyWhatCorsAllows() {
        var other = HttpServer.builder()
                .get("/closed", r -> Response.text("not for you"))
                .mount("/open", Routes.create()
                        .use(Cors.allowAny().withMethods("GET", "PUT").withHeaders("X-Kind"))
                        .put("/thing", r -> Response.text("put " + r.header("X-Kind").orElse(""))));
        List<String> lines = Heddle.run(() -> {
            try (HttpServer server = other.start("127.0.0.1", 0)) {
                String base = "http://" + server.address();
                return printedHere(Over.HTTP_1, HttpServer.builder(), """
                        print(await text('%1$s/open/thing', {method: 'PUT', headers: {'X-Kind': 'of its own'}}));
                        print(await text('%1$s/closed').catch(e => 'refused'));
                        """.formatted("http://" + server.address()));
            }
        });
        assertEquals(List.of("put of its own", "refused"), lines);
    }
}
