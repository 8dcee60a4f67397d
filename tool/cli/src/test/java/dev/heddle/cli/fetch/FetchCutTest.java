package dev.heddle.cli.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.cli.CommandLine;
import dev.heddle.cli.FaultServer;
import dev.heddle.cli.TestSite;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.Exit;
import dev.heddle.http.Headers;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code heddle fetch} of a body that is cut leaves no file that looks whole, and says that it is cut, whatever would
 * have said where it ends.
 */
final class FetchCutTest {

    private static final ServerTls TLS = ServerTls.of(TlsIdentity.selfSigned("127.0.0.1"));
    private static final String TAG = "ETag: \"v1\"\r\n";

    /** More than is saved in one go, so that there is a file to give up. */
    private static final String HALF = "half".repeat(20_000);

    @TempDir
    Path directory;

    /** How the body says where it ends. */
    enum Framing {
        LENGTH("Content-Length: 1000000\r\n\r\n" + HALF),
        CHUNKED("Transfer-Encoding: chunked\r\n\r\nfffff\r\n" + HALF),
        BETWEEN_CHUNKS("Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(HALF.length()) + "\r\n" + HALF + "\r\n"),
        UNTIL_THE_END("Connection: close\r\n\r\n" + HALF);

        private final String rest;

        Framing(String rest) {
            this.rest = rest;
        }

        String answer() {
            return "HTTP/1.1 200 OK\r\n" + TAG + rest;
        }
    }

    /** The server that cuts it. */
    private interface Site extends AutoCloseable {
        String url();

        @Override
        void close();
    }

    private static Site plain(Framing framing, boolean reset) throws Exception {
        var server = new FaultServer(socket -> {
            socket.setTcpNoDelay(true); // else a reset may throw away what was not sent yet
            FaultServer.answer(framing.answer()).happen(socket);
            if (reset) {
                FaultServer.reset().happen(socket);
            }
        });
        return site(server.url(), server::close);
    }

    /** Cuts what is below TLS, without a close_notify. */
    private static Site secured(Framing framing, boolean reset) throws Exception {
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(CommandLoops.CONFIG.withName("site").withSignals(false));
        loop.spawn(() -> {
            try (var listener = Tcp.listen(0)) {
                port.complete(listener.port());
                while (true) {
                    cut(listener.accept(), framing, reset);
                }
            }
        });
        return site("https://127.0.0.1:" + port.get() + "/", loop::close);
    }

    private static void cut(ByteStream plain, Framing framing, boolean reset) {
        var below = new ByteStream(plain.transport());
        ByteStream stream = Tls.upgradeServer(plain, TLS);
        stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
        stream.write(framing.answer());
        if (reset) {
            below.abort();
        } else {
            below.close();
        }
    }

    private static Site site(String url, Runnable close) {
        return new Site() {
            @Override
            public String url() {
                return url;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    /** Whether it can go on later makes a difference only to what is hidden. */
    private void assertCut(Site site, String told, String... options) throws Exception {
        for (boolean resume : new boolean[]{false, true}) {
            List<String> words = new ArrayList<>(List.of("fetch", "-k", "--json", "-o", directory.toString()));
            words.addAll(List.of(options));
            words.addAll(resume ? List.of("-C", site.url()) : List.of(site.url()));
            CommandLine run = CommandLine.run(words.toArray(String[]::new));
            assertEquals(Exit.NOT_ALL, run.exit(), run.out());
            assertTrue(run.out().matches("(?s).*\"status\":200,\"bytes\":\\d+,.*\"error\":\"[^\"]*" + told + ".*"),
                    run.out());
            assertFalse(run.out().contains("\"file\":\""), run.out());
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(
                        List.of(),
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> !resume || !name.matches("\\..*\\.(part|note)")).toList());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void bodyThatIsResetLeavesNoFile(Framing framing) throws Exception {
        try (Site site = plain(framing, true)) {
            assertCut(site, "is lost");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Framing.class, names = "UNTIL_THE_END", mode = EnumSource.Mode.EXCLUDE)
    void bodyThatEndsEarlyLeavesNoFile(Framing framing) throws Exception {
        try (Site site = plain(framing, false)) {
            assertCut(site, "the server closed the connection before the ");
        }
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void bodyOverTlsThatIsResetLeavesNoFile(Framing framing) throws Exception {
        try (Site site = secured(framing, true)) {
            assertCut(site, "is lost");
        }
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void bodyOverTlsThatEndsWithoutACloseNotifyLeavesNoFile(Framing framing) throws Exception {
        try (Site site = secured(framing, false)) {
            assertCut(site, "without ending TLS");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_000})
    void bodyOfHttp2WhoseStreamIsResetLeavesNoFile(long length) throws Exception {
        List<String> versions = new CopyOnWriteArrayList<>();
        try (var site = new TestSite(HttpServer.builder().tls(TLS).get("/", request -> {
            versions.add(request.version());
            return Response.stream(200, Headers.of("ETag", "\"v1\""), length, out -> {
                out.write(HALF.getBytes(ISO_8859_1));
                out.flush();
                throw new HeddleException("cut");
            });
        }))) {
            String url = site.url("/").replace("http:", "https:");
            assertCut(site(url, () -> {}), "the peer reset stream 1", "--http2");
        }
        assertEquals(List.of("HTTP/2", "HTTP/2"), versions);
    }
}
