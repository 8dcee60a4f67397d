package dev.heddle.examples;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The examples and the Python programs that they answer, side by side: they print the same lines. */
@Timeout(120)
@Tag("full")
final class SameAsPythonTest {

    /** A program in Python, named as its lines are in the example's output, and the modules that it needs. */
    private record Style(String name, List<String> modules, String source) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String PAGES = """
            import sys
            base = sys.argv[1]
            pages = ['/page/3', '/page/1', '/page/2']

            def show(page, text):
                print('  ' + page + ' ' + text)

            """;

    private static final List<Style> STYLES = List.of(
            new Style("requests, one after the other", List.of("requests"), """
                    import requests

                    for page in pages:
                        show(page, requests.get(base + page).text)
                    """),
            new Style("asyncio, HTTP made by hand", List.of("asyncio"), """
                    import asyncio
                    host, port = base[len('http://'):].split(':')

                    async def task(page):
                        reader, writer = await asyncio.open_connection(host, int(port))
                        writer.write(bytes('GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' % (page, host), 'utf-8'))
                        await writer.drain()
                        text = await reader.read()
                        show(page, text.decode().split('\\r\\n\\r\\n')[1])
                        writer.close()

                    async def main():
                        await asyncio.gather(*map(task, pages))

                    asyncio.run(main())
                    """),
            new Style("aiohttp and gather", List.of("aiohttp"), """
                    import aiohttp, asyncio

                    async def fetch(session, page):
                        async with session.get(base + page) as response:
                            return await response.text()

                    async def main():
                        async with aiohttp.ClientSession() as session:
                            texts = await asyncio.gather(*[fetch(session, page) for page in pages])
                        for page, text in zip(pages, texts):
                            show(page, text)

                    asyncio.run(main())
                    """),
            new Style("gevent.joinall", List.of("gevent", "requests"), """
                    from gevent import monkey
                    monkey.patch_all()
                    import gevent, requests

                    def fetch(page):
                        show(page, requests.get(base + page).text)

                    gevent.joinall([gevent.spawn(fetch, page) for page in pages])
                    """),
            new Style("gevent.pool.Pool(2)", List.of("gevent", "requests"), """
                    from gevent import monkey
                    monkey.patch_all()
                    import gevent, requests
                    from gevent.pool import Pool

                    def fetch(page):
                        show(page, requests.get(base + page).text)

                    pool = Pool(2)
                    gevent.joinall([pool.spawn(fetch, page) for page in pages])
                    """),
            new Style("Twisted's DeferredList", List.of("twisted"), """
                    from twisted.internet import defer, reactor
                    from twisted.web.client import Agent, readBody

                    @defer.inlineCallbacks
                    def task(page):
                        response = yield Agent(reactor).request(b'GET', bytes(base + page, 'utf8'))
                        text = yield readBody(response)
                        show(page, text.decode())

                    def all_done(arg):
                        print('  done')
                        reactor.stop()

                    d = defer.DeferredList([task(page) for page in pages])
                    d.addBoth(all_done)
                    reactor.run()
                    """),
            new Style("Tornado's count-down", List.of("tornado"), """
                    from tornado import ioloop
                    from tornado.httpclient import AsyncHTTPClient, HTTPRequest
                    count = 0

                    def handle_response(page, future):
                        global count
                        count -= 1
                        if future.exception():
                            print('  Error:', future.exception())
                        else:
                            show(page, future.result().body.decode())
                        if count == 0:
                            ioloop.IOLoop.current().stop()

                    def func():
                        global count
                        urls = [base + page for page in pages] + ['http://fakedomain.invalid/']
                        count = len(urls)
                        for url in urls:
                            page = url[len(base):]
                            future = AsyncHTTPClient().fetch(HTTPRequest(url))
                            future.add_done_callback(lambda f, page=page: handle_response(page, f))

                    ioloop.IOLoop.current().add_callback(func)
                    ioloop.IOLoop.current().start()
                    """));

    private static final HttpServer.Builder SITE = HttpServer.builder()
            .get("/page/{number:int}", request -> {
                int number = request.pathInt("number");
                sleep(Duration.ofMillis(10L * number * number));
                return Response.text("page " + number);
            })
            .get("/{name}", request -> Response.text("this is " + request.path("name")));

    private static List<String> fromPython(String source) {
        return run(() -> {
            try (var site = SITE.start("127.0.0.1", 0)) {
                return offload(() -> Python.linesOf(source, "http://" + site.address()));
            }
        });
    }

    /** The lines of one style, without those about time. */
    private static List<String> ofStyle(String name, List<String> lines) {
        return lines.subList(lines.indexOf(name) + 1, lines.size()).stream()
                .takeWhile(line -> line.startsWith("  "))
                .filter(line -> !line.startsWith("  in "))
                .toList();
    }

    /** Which of several answers comes first, and how a library words an error, is not part of the comparison. */
    private static List<String> comparable(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("(Error:).*", "$1")).sorted().toList();
    }

    @ParameterizedTest
    @FieldSource("STYLES")
    void eachStyleFetchesTheSamePages(Style style) throws Exception {
        Python.assumeHas(style.modules().toArray(String[]::new));
        List<String> here = Output
                .of(() -> Sim.run(() -> Program.example("FetchInEveryStyle").call("fetchInEveryStyle")));
        assertEquals(comparable(ofStyle(style.name(), here)), comparable(fromPython(PAGES + style.source())));
    }

    @Test
    void threadsFetchTheSamePages() throws Exception {
        Python.assumeHas("requests");
        List<String> here = Output.of(() -> run(() -> Program.example("FetchWithThreads").call("serveAndFetch")));
        List<String> there = fromPython(
                """
                        import asyncio, os, requests, sys, tempfile
                        from concurrent.futures import ThreadPoolExecutor
                        base = sys.argv[1]
                        urls = [base + '/' + name for name in ('baidu', 'python', 'openstack', 'github', 'sina')]

                        def show(line):
                            sys.stdout.write(line + '\\n')  # print writes the line and its end apart, and another thread between them

                        def task(url):
                            show('in one: ' + requests.get(url).text)

                        pool = ThreadPoolExecutor(7)
                        for url in urls:
                            pool.submit(task, url)
                        pool.shutdown(wait=True)

                        def done(future):
                            show('callback: ' + future.result().text)

                        pool = ThreadPoolExecutor(7)
                        for url in urls:
                            pool.submit(requests.get, url).add_done_callback(done)
                        pool.shutdown(wait=True)

                        async def from_a_loop():
                            loop = asyncio.get_running_loop()
                            for response in await asyncio.gather(*[loop.run_in_executor(None, requests.get, url) for url in urls]):
                                print('offload: ' + response.text)

                        asyncio.run(from_a_loop())

                        def get_page(url):
                            return {'url': url, 'text': requests.get(url).text}

                        def parse_page(future):
                            page = future.result()
                            with open(db, 'a') as f:
                                f.write('url:<%s> size:[%s]\\n' % (page['url'][len(base):], len(page['text'])))

                        db = os.path.join(tempfile.mkdtemp(), 'db.txt')
                        pool = ThreadPoolExecutor(3)
                        for url in urls:
                            pool.submit(get_page, url).add_done_callback(parse_page)
                        pool.shutdown(wait=True)
                        print(''.join(sorted(open(db))), end='')
                        os.remove(db)
                        os.rmdir(os.path.dirname(db))
                        """);
        assertEquals(comparable(there), comparable(here));
        assertEquals(there.subList(10, 20), here.subList(10, 20), "what has an order has the same");
    }

    private static final String CLIENT = """
            import asyncio, sys
            from aiohttp import ClientSession

            async def get_html(url):
                async with ClientSession() as session:
                    async with session.get(url) as res:
                        print(res.status)
                        print(await res.text())

            asyncio.run(get_html(sys.argv[1]))
            """;

    private static final String SERVER = """
            import asyncio
            from aiohttp import web

            async def index(request):
                return web.Response(text=request.path, status=201)

            async def handle(request):
                print('id', request.match_info['id'])
                print('query', request.query_string)
                return web.Response(text=request.match_info.get('id', '0000'), status=200)

            async def main():
                app = web.Application()
                app.router.add_get('/', index)
                app.router.add_get('/{id}', handle)
                runner = web.AppRunner(app)
                await runner.setup()
                site = web.TCPSite(runner, '127.0.0.1', 0)
                await site.start()
                print(site._server.sockets[0].getsockname()[1])
                await asyncio.sleep(60)

            asyncio.run(main())
            """;

    private static final List<String> TARGETS = List.of("/", "/7", "/seven?a=1&b=2", "/a%20b", "/%E4%BD%A0");

    /** Has the example's client print what a server says of all targets. */
    private static void ask(String server) throws Exception {
        for (String target : TARGETS) {
            Program.example("AiohttpClient").call("getHtml", server + target);
        }
    }

    private static boolean isOfServer(String line) {
        return line.matches("(id|query) .*");
    }

    @Test
    void serverAndClientSayTheSameToEachOther() throws Exception {
        Python.assumeHas("aiohttp");
        List<String> ofTheirClient = new ArrayList<>();
        List<String> ofOurs = Output.of(() -> run(() -> {
            var app = (HttpServer.Builder) Program.example("AiohttpServer").result("app");
            try (var server = app.start("127.0.0.1", 0)) {
                ask("http://" + server.address());
            }
        }));
        List<String> ofOurClient = ofOurs.stream().filter(line -> !isOfServer(line)).toList();
        List<String> ofOurServer = ofOurs.stream().filter(SameAsPythonTest::isOfServer).toList();
        Output.of(() -> run(() -> {
            var app = (HttpServer.Builder) Program.example("AiohttpServer").result("app");
            try (var server = app.start("127.0.0.1", 0)) {
                for (String target : TARGETS) {
                    String url = "http://" + server.address() + target;
                    ofTheirClient.addAll(offload(() -> Python.linesOf(CLIENT, url)));
                }
            }
        }));
        assertEquals(ofTheirClient, ofOurClient, "our server, either client");

        Process python = Python.start(SERVER);
        try (var out = python.inputReader()) {
            String url = "http://127.0.0.1:" + out.readLine();
            assertEquals(Output.of(() -> run(() -> ask(url))), ofOurClient, "their server, our client");
            python.toHandle().destroy(); // the process's own destroy would close the reader too
            assertEquals(out.lines().toList(), ofOurServer, "what the servers print");
        } finally {
            python.destroyForcibly();
        }
    }
}
