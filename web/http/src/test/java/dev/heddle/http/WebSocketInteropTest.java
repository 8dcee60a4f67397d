package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.WebSocketRequest;
import dev.heddle.http.server.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both sides against those that people really have: websockets of Python, and ws of Node. Each program talks with the
 * other side about messages of many lengths, text and bytes, compressed in the way of its options, and says what it
 * saw.
 */
@LeavesNothing
@Tag("full")
final class WebSocketInteropTest {

    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path NODE = Path.of("/usr/bin/node");

    /** The ways of compression: what this side takes, and the options of each foreign one. */
    private enum Way {
        DEFAULT(WebSocketOptions.DEFAULT, "'deflate'", "true"),
        NONE(WebSocketOptions.DEFAULT.withCompression(false), "None", "false"),
        OFFERED_IN_VAIN(WebSocketOptions.DEFAULT.withCompression(false), "'deflate'", "true"),
        CONTEXT(WebSocketOptions.DEFAULT.withMinCompressBytes(0).withContextTakeover(true),
                "'deflate'", "{threshold: 0}"),
        NO_CONTEXT(WebSocketOptions.DEFAULT.withCompressionLevel(1).withMinCompressBytes(0),
                "'deflate'", "{threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true}"),
        SMALL_WINDOW(WebSocketOptions.DEFAULT.withCompressionLevel(9).withMinCompressBytes(0).withContextTakeover(true),
                "'deflate'", "{threshold: 0, serverMaxWindowBits: 9}");

        final WebSocketOptions options;
        final String python;
        final String node;

        Way(WebSocketOptions options, String python, String node) {
            this.options = options.withMaxMessageBytes(4 << 20).withSubprotocols("talk");
            this.python = python;
            this.node = node;
        }
    }

    private static final String PYTHON_CLIENT = """
            import asyncio, websockets, os
            async def main():
                async with websockets.connect(os.environ['SERVER'], compression=%s, subprotocols=['talk'], max_size=4<<20) as ws:
                    assert ws.subprotocol == 'talk'
                    for n in (0, 1, 125, 126, 4096, 65535, 65536, 700000):
                        for message in ('\u00e4' * n, b'ab' * n, bytes((i * i) & 255 for i in range(n))):
                            await ws.send(message)
                            assert await ws.recv() == message, n
                    await ws.send(['frag', 'ment', 'ed'])
                    assert await ws.recv() == 'fragmented'
                    await (await ws.ping())
                    await ws.close(4001, 'bye')
                    print('good', ws.close_code)
            asyncio.run(main())
            """;

    private static final String PYTHON_SERVER = """
            import asyncio, websockets, sys
            async def echo(ws, path=None):
                try:
                    async for message in ws:
                        await ws.send(message)
                except websockets.ConnectionClosedError:
                    pass
                print('closed', ws.close_code, ws.close_reason, flush=True)
                done.set()
            async def main():
                global done
                done = asyncio.Event()
                async with websockets.serve(echo, '127.0.0.1', 0, compression=%s, subprotocols=['talk'], max_size=4<<20) as server:
                    print(server.sockets[0].getsockname()[1], flush=True)
                    await done.wait()
            asyncio.run(main())
            """;

    private static final String NODE_CLIENT = """
            const WebSocket = require('ws');
            const ws = new WebSocket(process.env.SERVER, ['talk'], {perMessageDeflate: %s});
            const sent = [];
            for (const n of [0, 1, 125, 126, 4096, 65535, 65536, 700000]) {
                sent.push('\u00e4'.repeat(n), Buffer.alloc(n, 'ab'), Buffer.from(Array.from({length: n}, (_, i) => (i * i) & 255)));
            }
            let at = 0;
            const next = () => at < sent.length ? ws.send(sent[at]) : ws.close(4001, 'bye');
            ws.on('open', () => { if (ws.protocol !== 'talk') throw new Error('protocol'); next(); });
            ws.on('message', (data, binary) => {
                const want = sent[at++];
                if (binary !== (typeof want !== 'string') || !data.equals(Buffer.from(want))) throw new Error('wrong ' + at);
                next();
            });
            ws.on('close', code => console.log('good', code));
            """;

    private static final String NODE_SERVER = """
            const {WebSocketServer} = require('ws');
            const server = new WebSocketServer({port: 0, host: '127.0.0.1', perMessageDeflate: %s}, () =>
                console.log(server.address().port));
            server.on('connection', ws => {
                ws.on('message', (data, binary) => ws.send(data, {binary}));
                ws.on('close', (code, reason) => { console.log('closed', code, reason.toString()); server.close(); });
            });
            """;

    private static final String NODE_HTTP2_CLIENT = """
            const {Receiver, Sender} = require('ws'), http2 = require('http2');
            const url = new URL(process.env.SERVER.replace('ws:', 'http:'));
            const session = http2.connect(url);
            const sent = [];
            for (const n of [0, 1, 125, 126, 4096, 65535, 65536, 700000]) {
                sent.push('\u00e4'.repeat(n), Buffer.alloc(n, 'ab'));
            }
            session.on('remoteSettings', settings => {
                if (!settings.enableConnectProtocol) throw new Error('not allowed');
                const stream = session.request({':method': 'CONNECT', ':protocol': 'websocket', ':path': url.pathname,
                    'sec-websocket-version': '13', 'sec-websocket-protocol': 'talk'}, {endStream: false});
                const receiver = new Receiver({isServer: false}), sender = new Sender(stream, {});
                let at = 0;
                const next = () => at < sent.length
                    ? sender.send(sent[at], {binary: typeof sent[at] !== 'string', compress: false, fin: true, mask: true})
                    : sender.close(4001, 'bye', true);
                stream.on('response', fields => {
                    if (fields[':status'] !== 200 || fields['sec-websocket-protocol'] !== 'talk') throw new Error('refused');
                    next();
                });
                stream.on('data', bytes => receiver.write(bytes));
                stream.on('end', () => { stream.end(); session.close(); });
                receiver.on('message', (data, binary) => {
                    const want = sent[at++];
                    if (binary !== (typeof want !== 'string') || !data.equals(Buffer.from(want))) throw new Error('wrong ' + at);
                    next();
                });
                receiver.on('conclude', code => console.log('good', code));
            });
            """;

    private static final String NODE_HTTP2_SERVER = """
            const WebSocket = require('ws'), http2 = require('http2');
            const server = http2.createServer({settings: {enableConnectProtocol: true}});
            server.on('stream', (stream, fields) => {
                if (fields[':protocol'] !== 'websocket') throw new Error('no WebSocket');
                stream.respond({':status': 200, 'sec-websocket-protocol': 'talk'});
                stream.setNoDelay = () => {};
                const session = stream.session;
                const ws = new WebSocket(null, undefined, {});
                ws.setSocket(stream, Buffer.alloc(0), {maxPayload: 4 << 20, skipUTF8Validation: false});
                ws.on('message', (data, binary) => ws.send(data, {binary}));
                ws.on('close', (code, reason) => {
                    console.log('closed', code, reason.toString());
                    session.close();
                    server.close();
                });
            });
            server.listen(0, '127.0.0.1', () => console.log(server.address().port));
            """;

    static Stream<Way> ways() {
        return Stream.of(Way.values());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void clientInPythonIsServed(Way way) throws Exception {
        assumePython();
        assertEquals("good 4001", serve(way.options, python(PYTHON_CLIENT.formatted(way.python))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void serverInPythonServesTheClient(Way way) throws Exception {
        assumePython();
        assertEquals("closed 4002 enough", talk(way.options, python(PYTHON_SERVER.formatted(way.python))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void clientInNodeIsServed(Way way) throws Exception {
        assumeNode();
        assertEquals("good 4001", serve(way.options, node(NODE_CLIENT.formatted(way.node))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void serverInNodeServesTheClient(Way way) throws Exception {
        assumeNode();
        assertEquals("closed 4002 enough", talk(way.options, node(NODE_SERVER.formatted(way.node))));
    }

    @Test
    void clientInNodeIsServedOverHttp2() throws Exception {
        assumeNode();
        assertEquals("good 4001", serve(Way.NONE.options, node(NODE_HTTP2_CLIENT)));
    }

    @Test
    void serverInNodeServesTheClientOverHttp2() throws Exception {
        assumeNode();
        assertEquals("closed 4002 enough", talk(Way.NONE.options, node(NODE_HTTP2_SERVER), true));
    }

    private static void assumePython() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "Python is not installed");
        assumeTrue(python("import websockets").start().waitFor() == 0, "python3-websockets is not installed");
    }

    private static void assumeNode() throws Exception {
        assumeTrue(Files.isExecutable(NODE), "Node is not installed");
        assumeTrue(node("require('ws')").start().waitFor() == 0, "ws is not installed: npm install -g ws");
    }

    private static ProcessBuilder python(String program) {
        return new ProcessBuilder(PYTHON.toString(), "-c", program).redirectErrorStream(true);
    }

    private static ProcessBuilder node(String program) {
        var node = new ProcessBuilder(NODE.toString(), "-e", program).redirectErrorStream(true);
        node.environment().put("NODE_PATH", "/usr/lib/node_modules:/usr/local/lib/node_modules:/usr/share/nodejs");
        return node;
    }

    /** Runs a foreign client against a server here. */
    private static String serve(WebSocketOptions options, ProcessBuilder client) {
        return Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().webSocket("/", options, FramePeer::echo).start("127.0.0.1",
                    0)) {
                client.environment().put("SERVER", "ws://127.0.0.1:" + server.port() + "/");
                return Heddle.timeout(Duration.ofSeconds(20), () -> Heddle.offload(() -> output(client.start())));
            }
        });
    }

    /** Talks with a foreign server that says its port first. */
    private static String talk(WebSocketOptions options, ProcessBuilder server) throws Exception {
        return talk(options, server, false);
    }

    private static String talk(WebSocketOptions options, ProcessBuilder server, boolean overHttp2) throws Exception {
        Process process = server.start();
        try {
            int port = Integer.parseInt(line(process));
            Heddle.run(() -> Heddle.timeout(Duration.ofSeconds(20), () -> {
                HttpClient.Builder builder = HttpClient.builder();
                try (HttpClient http = (overHttp2 ? builder.http2PriorKnowledge() : builder).build();
                        WebSocket socket = asked(http, port, overHttp2).options(options).connect()) {
                    for (int n : new int[]{0, 1, 125, 126, 4096, 65_535, 65_536, 700_000}) {
                        for (WebSocketMessage message : List.of(new WebSocketMessage.Text("ä".repeat(n)),
                                new WebSocketMessage.Binary("ab".repeat(n).getBytes(StandardCharsets.US_ASCII)))) {
                            socket.send(message);
                            assertEquals(message, socket.receive().orElseThrow());
                        }
                    }
                    socket.streamText(out -> {
                        for (int i = 0; i < 10; i++) {
                            out.write("piece ".getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                        }
                    });
                    assertEquals(new WebSocketMessage.Text("piece ".repeat(10)), socket.receive().orElseThrow());
                    socket.close(4002, "enough");
                }
            }));
            return output(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private static WebSocketRequest asked(HttpClient http, int port, boolean overHttp2) {
        WebSocketRequest asked = http.webSocket("ws://127.0.0.1:" + port);
        return overHttp2 ? asked.sharingConnection() : asked;
    }

    private static String line(Process process) throws IOException {
        var line = new StringBuilder();
        for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; c = process.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String output(Process process) throws Exception {
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return out.strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
