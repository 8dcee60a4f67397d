package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.http.OtherProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client and the servers that people have. */
@Tag("full")
final class ClientInteropTest {

    private static final int LONG = 300_000;

    @TempDir
    private Path temp;

    /** A server in a process of its own, which prints a line when it is ready. */
    private record Server(Process process, String firstLine) implements AutoCloseable {

        static Server start(Path directory, String... command) throws IOException {
            Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .start();
            BufferedReader out = process.inputReader();
            return new Server(process, String.valueOf(out.readLine()));
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
            process.destroyForcibly();
        }
    }

    /** Whatever the server is written in, it answers the same. */
    private static void talk(HttpClient http) throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals("hello", http.get("/hello").expectSuccess().text());
        }
        assertEquals("x".repeat(LONG), http.post("/echo", "x".repeat(LONG)).text());
        assertEquals("y".repeat(LONG), http.request("POST", "/echo")
                .body(out -> {
                    for (int i = 0; i < 3; i++) {
                        out.write("y".repeat(LONG / 3).getBytes());
                        out.flush();
                    }
                })
                .send()
                .text());
        assertEquals(IntStream.range(0, 1000).mapToObj(i -> "line " + i + "\n").reduce("", String::concat),
                http.get("/stream").text());
        assertEquals("", http.head("/hello").text());
        assertEquals("hello", http.get("/redirect").text());
        assertEquals("id=7", http.get("/cookie").text());
        assertEquals(404, http.get("/none").status());
        assertEquals("Ada Löwe, a&b",
                http.request("POST", "/form").form("name", "Ada Löwe", "city", "a&b").send().text());
        assertEquals("Ada, a b.txt, " + LONG, http.request("POST", "/upload")
                .multipart(form -> form.field("name", "Ada").bytes("file", "a b.txt", "text/plain", new byte[LONG]))
                .send()
                .text());
        try (Reply reply = http.get("/events")) {
            List<String> events = new ArrayList<>();
            reply.events().forEach(event -> events.add(event.name() + " " + event.id() + ": " + event.data()));
            assertEquals(List.of("message 1: one\ntwo", "note 2: three"), events);
        }
        assertEquals("at last", http.request("GET", "/busy").retries(RetryPolicy.DEFAULT).send().text());
        List<ClientRequest> many = IntStream.range(0, 50).mapToObj(i -> http.request("GET", "/hello")).toList();
        assertTrue(Http.mapAll(many, 10).stream().allMatch(each -> each.reply().text().equals("hello")));
        // A reply that is given up costs its connection if its body has not come yet, so only the order of size is
        // sure.
        assertTrue(http.statistics().opened() < 20, http.statistics().toString());
    }

    private static void talkTo(Server server) {
        var jar = CookieJar.create();
        Heddle.run(() -> {
            try (var http = HttpClient.builder()
                    .baseUrl("http://127.0.0.1:" + server.firstLine())
                    .cookies(jar)
                    .build()) {
                talk(http);
            }
        });
    }

    @Test
    void nodeIsUnderstood() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/node")), "node is not installed");
        Files.writeString(temp.resolve("server.js"),
                """
                        const http = require('http');
                        const parsed = q => new Request('http://x/', {method: 'POST', headers: q.headers, body: q, duplex: 'half'}).formData();
                        const events = 'id: 1\\ndata: one\\ndata: two\\n\\n: a comment\\nid: 2\\nevent: note\\ndata: three\\n\\n';
                        let busy = 2;
                        http.createServer((q, r) => {
                          if (q.url === '/hello') r.end('hello');
                          else if (q.url === '/echo') q.pipe(r);
                          else if (q.url === '/stream') { for (let i = 0; i < 1000; i++) r.write('line ' + i + '\\n'); r.end(); }
                          else if (q.url === '/redirect') { r.writeHead(302, {Location: 'hello'}); r.end('moved'); }
                          else if (q.url === '/cookie' && !q.headers.cookie) {
                            r.writeHead(307, {Location: '/cookie2', 'Set-Cookie': ['id=7; HttpOnly; Path=/', 'no=1; Domain=com']}); r.end();
                          }
                          else if (q.url === '/cookie2') r.end(q.headers.cookie);
                          else if (q.url === '/form') parsed(q).then(f => r.end(f.get('name') + ', ' + f.get('city')));
                          else if (q.url === '/upload')
                            parsed(q).then(f => r.end(f.get('name') + ', ' + f.get('file').name + ', ' + f.get('file').size));
                          else if (q.url === '/events') { r.writeHead(200, {'Content-Type': 'text/event-stream'}); r.end(events); }
                          else if (q.url === '/busy' && busy-- > 0) { r.writeHead(503, {'Retry-After': '0'}); r.end(); }
                          else if (q.url === '/busy') r.end('at last');
                          else { r.statusCode = 404; r.end(); }
                        }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
                        """);
        try (var server = Server.start(temp, "/usr/bin/node", "server.js")) {
            talkTo(server);
        }
    }

    @Test
    void aiohttpIsUnderstood() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "python is not installed");
        Process probe = new ProcessBuilder("/usr/bin/python3", "-c", "import aiohttp").start();
        assumeTrue(probe.waitFor() == 0, "aiohttp is not installed");
        Files.writeString(temp.resolve("server.py"),
                """
                        import asyncio
                        from aiohttp import web

                        async def hello(q): return web.Response(text='hello')
                        async def echo(q): return web.Response(body=await q.read())
                        async def stream(q):
                            r = web.StreamResponse()
                            r.enable_compression()
                            await r.prepare(q)
                            for i in range(1000):
                                await r.write(b'line %d\\n' % i)
                            return r
                        async def redirect(q): raise web.HTTPFound('/hello')
                        async def cookie(q):
                            r = web.Response(status=307, headers={'Location': '/cookie2'})
                            r.set_cookie('id', '7', httponly=True)
                            return r
                        async def cookie2(q): return web.Response(text=q.headers['Cookie'])

                        async def form(q):
                            f = await q.post()
                            return web.Response(text=f['name'] + ', ' + f['city'])
                        async def upload(q):
                            f = await q.post()
                            return web.Response(text='%s, %s, %d' % (f['name'], f['file'].filename, len(f['file'].file.read())))
                        async def events(q):
                            r = web.StreamResponse(headers={'Content-Type': 'text/event-stream'})
                            await r.prepare(q)
                            for line in 'id: 1', 'data: one', 'data: two', '', ': a comment', 'id: 2', 'event: note', 'data: three', '':
                                await r.write(line.encode() + b'\\r\\n')
                            return r
                        async def busy(q):
                            q.app['busy'] -= 1
                            if q.app['busy'] >= 0:
                                raise web.HTTPServiceUnavailable(headers={'Retry-After': '0'})
                            return web.Response(text='at last')

                        async def main():
                            app = web.Application()
                            app['busy'] = 2
                            for path, handler in dict(hello=hello, stream=stream, redirect=redirect, cookie=cookie,
                                                      cookie2=cookie2, events=events, busy=busy).items():
                                app.router.add_get('/' + path, handler)
                            for path, handler in dict(echo=echo, form=form, upload=upload).items():
                                app.router.add_post('/' + path, handler)
                            runner = web.AppRunner(app)
                            await runner.setup()
                            site = web.TCPSite(runner, '127.0.0.1', 0)
                            await site.start()
                            print(site._server.sockets[0].getsockname()[1], flush=True)
                            await asyncio.sleep(120)

                        asyncio.run(main())
                        """);
        try (var server = Server.start(temp, "/usr/bin/python3", "server.py")) {
            talkTo(server);
        }
    }

    @Test
    void nginxIsUnderstoodOverAUnixSocket() throws Exception {
        Path nginx = Path.of("/usr/sbin/nginx");
        assumeTrue(Files.isExecutable(nginx), "nginx is not installed");
        Path socket = temp.resolve("s");
        Files.createDirectories(temp.resolve("www"));
        Files.writeString(temp.resolve("www/hello"), "hello");
        Files.writeString(temp.resolve("www/long.txt"), "z".repeat(LONG));
        Files.writeString(temp.resolve("nginx.conf"), """
                daemon off; master_process off; pid pid; error_log error.log; events {}
                http {
                  access_log off; gzip on; gzip_types text/plain; types { text/plain txt; }
                  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s2;
                  server {
                    listen unix:%s; root www;
                    location = /redirect { return 301 /hello; }
                    location = /user { return 200 $http_authorization; }
                  }
                }
                """.formatted(socket));
        Process process = new ProcessBuilder(nginx.toString(), "-p", temp.toString(), "-c", "nginx.conf", "-e",
                "error.log")
                .redirectErrorStream(true)
                .start();
        try (var server = new Server(process, "")) {
            OtherProgram.awaitSocket(server.process(), socket);
            Heddle.run(() -> {
                List<String> steps = new ArrayList<>();
                try (var http = HttpClient.builder()
                        .unixSocket(socket)
                        .auth("http://any/", Auth.basic("me", "word"))
                        .retries(RetryPolicy.DEFAULT)
                        .build()) {
                    steps.add(http.get("http://any/hello").text());
                    Reply longer = http.get("http://any/long.txt");
                    steps.add(longer.headers().get("Content-Encoding").orElse("none"));
                    steps.add("" + longer.text().length());
                    steps.add(http.get("http://any/redirect").text());
                    steps.add(http.get("http://any/user").text());
                    steps.add(http.get("http://other/user").text());
                    steps.add("" + http.head("http://any/long.txt").status());
                    steps.add("" + http.post("http://any/hello", "x").status());
                    assertEquals(2, http.statistics().opened());
                }
                assertEquals(List.of("hello", "gzip", "" + LONG, "hello", "Basic bWU6d29yZA==", "", "200", "405"),
                        steps);
            });
        }
    }
}
