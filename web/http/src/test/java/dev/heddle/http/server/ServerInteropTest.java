package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Cookie;
import dev.heddle.http.Form;
import dev.heddle.http.OtherProgram;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our server and the clients that people have. Whatever a client is written in, it sees the same. */
@LeavesNothing
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("full")
final class ServerInteropTest {

    private static final int LONG = 300_000;

    private static final List<String> SEEN = List.of(
            "hello 200 hello",
            "again 200 hello",
            "head 200 5",
            "none 404",
            "echo 300000",
            "chunked 300000",
            "coded gzip 300000",
            "cookie id=7",
            "form name=Ada Löwe, city=a&b",
            "upload name=Ada notes.txt text/plain 300000",
            "range 206 bytes 10-19/26 klmnopqrst",
            "unchanged 304",
            "auth 401 200 me",
            "events 1 2 3",
            "https 200 hello");

    @TempDir
    private Path temp;

    private static String uploaded(Request request) {
        FormData data = request.formData();
        UploadedFile file = data.file("file").orElseThrow();
        return "name=" + data.fields().get("name").orElseThrow() + " " + file.filename() + " "
                + file.headers().get("Content-Type").orElse("") + " " + file.size();
    }

    private static String fields(Request request) {
        Form form = request.form();
        return "name=" + form.get("name").orElseThrow() + ", city=" + form.get("city").orElseThrow();
    }

    private HttpServer server(Set<String> versions) {
        Middleware password = Authentication.basic("here", (user, given) -> Authentication.same(given, "word"));
        return HttpServer.builder()
                .accessLog(record -> versions.add(record.protocol()))
                .get("/hello", r -> Response.text("hello"))
                .post("/length", r -> Response.text("" + r.bytes(2 * LONG).length))
                .get("/coded", r -> Compression.DEFAULT.handle(r, q -> Response.text("x".repeat(LONG))))
                .get("/login", r -> Response.redirect(303, "/me").withCookie(Cookie.of("id", "7").withSecure(false)))
                .get("/me", r -> Response.text("id=" + r.cookie("id").orElse("none")))
                .post("/form", r -> Response.text(fields(r)))
                .post("/upload", r -> Response.text(uploaded(r)))
                .get("/auth", r -> password.handle(r, q -> Response.text(q.user().orElseThrow())))
                .get("/events", r -> Response.events(events -> {
                    for (int i = 1; i <= 3; i++) {
                        events.send("" + i);
                        Heddle.sleep(Duration.ofMillis(5));
                    }
                }))
                .files("/files", temp)
                .build();
    }

    private void assertSeesAll(Path program, String... command) throws Exception {
        assertEquals(Set.of("HTTP/1.1"), assertSeesAll(false, program, command));
    }

    /**
     * Runs a client's program with the URLs of a server, without and with TLS, and the file of the certificate to
     * trust.
     *
     * @param onlyTls whether both URLs are the one with TLS
     * @return the versions that it has spoken
     */
    private Set<String> assertSeesAll(boolean onlyTls, Path program, String... command) throws Exception {
        Files.writeString(temp.resolve("abc.txt"), "abcdefghijklmnopqrstuvwxyz");
        TlsIdentity identity = TlsIdentity.selfSigned("localhost", "127.0.0.1");
        Path trusted = Files.writeString(
                temp.resolve("trusted.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(identity.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        var versions = new HashSet<String>();
        Heddle.run(() -> {
            var tls = Tls.listen("127.0.0.1", 0, ServerTls.of(identity).withProtocols("h2", "http/1.1"));
            try (HttpServer server = server(versions)) {
                server.start(Tcp.listen("127.0.0.1", 0), tls);
                String out = Heddle.offload(
                        () -> new OtherProgram(temp, command)
                                .with(program.toString(),
                                        onlyTls ? "https://" + tls.address() : "http://" + server.address(),
                                        "https://" + tls.address(),
                                        trusted.toString())
                                .output());
                assertEquals(String.join("\n", SEEN), out.strip());
                ServerStatistics statistics = server.statistics();
                assertTrue(statistics.accepted() <= 6, "few connections are used again: " + statistics);
                assertEquals(0, statistics.serverErrors());
            }
        });
        return versions;
    }

    @Test
    void requestsAndItsSessionsAreServed() throws Exception {
        OtherProgram.assumePythonHas("requests");
        assertSeesAll(Files.writeString(temp.resolve("client.py"), """
                import requests, sys
                base, tls, trusted = sys.argv[1:]
                s = requests.Session()
                s.trust_env = False
                for name in 'hello', 'again':
                    r = s.get(base + '/hello')
                    print(name, r.status_code, r.text)
                r = s.head(base + '/hello')
                print('head', r.status_code, r.headers['Content-Length'])
                print('none', s.get(base + '/none').status_code)
                print('echo', s.post(base + '/length', data=b'y' * 300000).text)
                print('chunked', s.post(base + '/length', data=(b'z' * 1000 for _ in range(300))).text)
                r = s.get(base + '/coded')
                print('coded', r.headers['Content-Encoding'], len(r.text))
                print('cookie', s.get(base + '/login').text)
                print('form', s.post(base + '/form', data={'name': 'Ada Löwe', 'city': 'a&b'}).text)
                print('upload', s.post(base + '/upload', data={'name': 'Ada'},
                                       files={'file': ('notes.txt', b'n' * 300000, 'text/plain')}).text)
                r = s.get(base + '/files/abc.txt', headers={'Range': 'bytes=10-19'})
                print('range', r.status_code, r.headers['Content-Range'], r.text)
                tag = s.get(base + '/files/abc.txt').headers['ETag']
                print('unchanged', s.get(base + '/files/abc.txt', headers={'If-None-Match': tag}).status_code)
                r = s.get(base + '/auth', auth=('me', 'word'))
                print('auth', s.get(base + '/auth').status_code, r.status_code, r.text)
                r = s.get(base + '/events', stream=True)
                print('events', *[line[6:] for line in r.iter_lines(decode_unicode=True) if line.startswith('data: ')])
                r = s.get(tls + '/hello', verify=trusted)
                print('https', r.status_code, r.text)
                """), OtherProgram.PYTHON);
    }

    private static final String HTTPX = """
            import httpx, sys
            base, tls, trusted = sys.argv[1:]
            s = httpx.Client(trust_env=False, follow_redirects=True, verify=trusted, http2=%s)
            for name in 'hello', 'again':
                r = s.get(base + '/hello')
                print(name, r.status_code, r.text)
            r = s.head(base + '/hello')
            print('head', r.status_code, r.headers['Content-Length'])
            print('none', s.get(base + '/none').status_code)
            print('echo', s.post(base + '/length', content=b'y' * 300000).text)
            print('chunked', s.post(base + '/length', content=(b'z' * 1000 for _ in range(300))).text)
            r = s.get(base + '/coded')
            print('coded', r.headers['Content-Encoding'], len(r.text))
            print('cookie', s.get(base + '/login').text)
            print('form', s.post(base + '/form', data={'name': 'Ada Löwe', 'city': 'a&b'}).text)
            print('upload', s.post(base + '/upload', data={'name': 'Ada'},
                                   files={'file': ('notes.txt', b'n' * 300000, 'text/plain')}).text)
            r = s.get(base + '/files/abc.txt', headers={'Range': 'bytes=10-19'})
            print('range', r.status_code, r.headers['Content-Range'], r.text)
            tag = s.get(base + '/files/abc.txt').headers['ETag']
            print('unchanged', s.get(base + '/files/abc.txt', headers={'If-None-Match': tag}).status_code)
            r = s.get(base + '/auth', auth=('me', 'word'))
            print('auth', s.get(base + '/auth').status_code, r.status_code, r.text)
            with s.stream('GET', base + '/events') as r:
                print('events', *[line.strip()[6:] for line in r.iter_lines() if line.startswith('data: ')])
            r = s.get(tls + '/hello')
            print('https', r.status_code, r.text)
            """;

    @Test
    void httpxIsServed() throws Exception {
        OtherProgram.assumePythonHas("httpx");
        assertSeesAll(Files.writeString(temp.resolve("client.py"), HTTPX.formatted("False")), OtherProgram.PYTHON);
    }

    @Test
    void httpxIsServedOverHttp2() throws Exception {
        OtherProgram.assumePythonHas("httpx, h2");
        Path program = Files.writeString(temp.resolve("client.py"), HTTPX.formatted("True"));
        assertEquals(Set.of("HTTP/2"), assertSeesAll(true, program, OtherProgram.PYTHON));
    }

    @Test
    void aiohttpIsServed() throws Exception {
        OtherProgram.assumePythonHas("aiohttp");
        assertSeesAll(Files.writeString(temp.resolve("client.py"), """
                import aiohttp, asyncio, ssl, sys
                base, tls, trusted = sys.argv[1:]

                async def pieces():
                    for _ in range(300):
                        yield b'z' * 1000

                async def main():
                    jar = aiohttp.CookieJar(unsafe=True)  # which means: cookies of IP addresses too
                    async with aiohttp.ClientSession(cookie_jar=jar) as s:
                        for name in 'hello', 'again':
                            async with s.get(base + '/hello') as r:
                                print(name, r.status, await r.text())
                        async with s.head(base + '/hello') as r:
                            print('head', r.status, r.headers['Content-Length'])
                        async with s.get(base + '/none') as r:
                            print('none', r.status)
                        async with s.post(base + '/length', data=b'y' * 300000) as r:
                            print('echo', await r.text())
                        async with s.post(base + '/length', data=pieces()) as r:
                            print('chunked', await r.text())
                        async with s.get(base + '/coded') as r:
                            print('coded', r.headers['Content-Encoding'], len(await r.text()))
                        async with s.get(base + '/login') as r:
                            print('cookie', await r.text())
                        async with s.post(base + '/form', data={'name': 'Ada Löwe', 'city': 'a&b'}) as r:
                            print('form', await r.text())
                        form = aiohttp.FormData({'name': 'Ada'})
                        form.add_field('file', b'n' * 300000, filename='notes.txt', content_type='text/plain')
                        async with s.post(base + '/upload', data=form) as r:
                            print('upload', await r.text())
                        async with s.get(base + '/files/abc.txt', headers={'Range': 'bytes=10-19'}) as r:
                            print('range', r.status, r.headers['Content-Range'], await r.text())
                        async with s.get(base + '/files/abc.txt') as r:
                            tag = r.headers['ETag']
                        async with s.get(base + '/files/abc.txt', headers={'If-None-Match': tag}) as r:
                            print('unchanged', r.status)
                        async with s.get(base + '/auth') as no:
                            async with s.get(base + '/auth', auth=aiohttp.BasicAuth('me', 'word')) as r:
                                print('auth', no.status, r.status, await r.text())
                        async with s.get(base + '/events') as r:
                            print('events', *[line.decode()[6:].strip() async for line in r.content
                                              if line.startswith(b'data: ')])
                        async with s.get(tls + '/hello', ssl=ssl.create_default_context(cafile=trusted)) as r:
                            print('https', r.status, await r.text())

                asyncio.run(main())
                """), OtherProgram.PYTHON);
    }

    /** Its {@code fetch} is undici, its {@code https} the older client. */
    @Test
    void nodeIsServed() throws Exception {
        OtherProgram.assumeInstalled(OtherProgram.NODE);
        assertSeesAll(
                Files.writeString(temp.resolve("client.mjs"),
                        """
                                import fs from 'fs';
                                import http from 'http';
                                import https from 'https';
                                const [base, tls, trusted] = process.argv.slice(2);
                                const text = (path, options) => fetch(base + path, options).then(r => r.text());
                                const old = (client, url, options) => new Promise((done, failed) => client.request(url, options, r => {
                                  let body = '';
                                  r.on('data', piece => body += piece).on('end', () => done([r, body])).on('error', failed);
                                }).on('error', failed).end());

                                for (const name of ['hello', 'again']) {
                                  const r = await fetch(base + '/hello');
                                  console.log(name, r.status, await r.text());
                                }
                                const [head] = await old(http, base + '/hello', {method: 'HEAD'});
                                console.log('head', head.statusCode, head.headers['content-length']);
                                const none = await fetch(base + '/none');
                                await none.text();
                                console.log('none', none.status);
                                console.log('echo', await text('/length', {method: 'POST', body: 'y'.repeat(300000)}));
                                async function* pieces() { for (let i = 0; i < 300; i++) yield new TextEncoder().encode('z'.repeat(1000)); }
                                console.log('chunked', await text('/length', {method: 'POST', body: pieces(), duplex: 'half'}));
                                const coded = await fetch(base + '/coded');
                                console.log('coded', coded.headers.get('content-encoding'), (await coded.text()).length);
                                const login = await fetch(base + '/login', {redirect: 'manual'});
                                const cookie = login.headers.getSetCookie()[0].split(';')[0];
                                console.log('cookie', await text(login.headers.get('location'), {headers: {cookie}}));
                                console.log('form', await text('/form',
                                  {method: 'POST', body: new URLSearchParams({name: 'Ada Löwe', city: 'a&b'})}));
                                const form = new FormData();
                                form.append('name', 'Ada');
                                form.append('file', new Blob(['n'.repeat(300000)], {type: 'text/plain'}), 'notes.txt');
                                console.log('upload', await text('/upload', {method: 'POST', body: form}));
                                const range = await fetch(base + '/files/abc.txt', {headers: {range: 'bytes=10-19'}});
                                console.log('range', range.status, range.headers.get('content-range'), await range.text());
                                const whole = await fetch(base + '/files/abc.txt');
                                await whole.text();
                                const [same] = await old(http, base + '/files/abc.txt',
                                  {headers: {'If-None-Match': whole.headers.get('etag')}});
                                console.log('unchanged', same.statusCode);
                                const no = await fetch(base + '/auth');
                                await no.text();
                                const [yes, me] = await old(http, base + '/auth', {auth: 'me:word'});
                                console.log('auth', no.status, yes.statusCode, me);
                                const events = await text('/events');
                                console.log('events', ...events.split('\\n').filter(l => l.startsWith('data: ')).map(l => l.slice(6)));
                                const [secure, hello] = await old(https, tls + '/hello', {ca: fs.readFileSync(trusted)});
                                console.log('https', secure.statusCode, hello);
                                """),
                OtherProgram.NODE);
    }
}
