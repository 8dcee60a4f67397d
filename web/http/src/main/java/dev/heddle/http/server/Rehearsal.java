package dev.heddle.http.server;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.engine.ListenOptions;
import dev.heddle.internal.ReportLog;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The rehearsal of the first request: before the first server of a JVM opens its port, another one answers two requests
 * on a loopback connection. Thus the JVM loads and links what a request needs while no peer waits for it; the first
 * peer would wait ten times as long. A server with TLS has a handshake rehearsed, too.
 *
 * <p>Nothing of the program takes part: no handler, middleware or log. Where there is no loopback, there is no
 * rehearsal, and none in the simulator.
 */
final class Rehearsal {

    private static final AtomicBoolean PLAIN = new AtomicBoolean();
    private static final AtomicBoolean SECURE = new AtomicBoolean();

    /** It must never keep a server from its start. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final String HOST = "127.0.0.1";
    private static final ListenOptions ALONE = ListenOptions.DEFAULT.withBacklog(1);

    private static final byte[] REQUESTS = """
            GET /a HTTP/1.1
            Host: rehearsal
            User-Agent: rehearsal
            Accept: */*

            POST /a HTTP/1.1
            Host: rehearsal
            Content-Type: text/plain
            Content-Length: 4
            Connection: close

            body""".replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    /** The preface, settings, and a request {@code GET https://a/} (RFC 9113; RFC 7541, appendix A). */
    private static final byte[] HTTP2_REQUEST = HexFormat.of().parseHex(
            HexFormat.of().formatHex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                    + "000000" + "0400" + "00000000"
                    + "000006" + "0105" + "00000001" + "828784" + "410161");

    private Rehearsal() {}

    /** Rehearses what this JVM has not rehearsed yet. */
    static void once(@Nullable ServerTls tls) {
        if (Heddle.currentLoop().engine().isSimulated()) {
            return;
        }
        if (PLAIN.compareAndSet(false, true)) {
            new ReportLog("dev.heddle.http", HttpServer.class).prepare();
            attempt(() -> rehearse(null));
        }
        if (tls != null && SECURE.compareAndSet(false, true)) {
            attempt(() -> rehearse(tls));
        }
    }

    private static void attempt(Action part) {
        try {
            Heddle.moveOnAfter(LIMIT, part);
        } catch (CancelledException e) {
            throw e;
        } catch (Exception e) {
            // A first peer waits longer, that is all.
        }
    }

    private static void rehearse(@Nullable ServerTls tls) {
        HttpServer server = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withStopGrace(LIMIT))
                .get("/{name}", request -> Response.text(request.path("name")))
                .post("/{name}", request -> Response.text(request.text(4)))
                .build();
        try (Listener listener = tls == null ? Tcp.listen(HOST, 0, ALONE) : Tls.listen(HOST, 0, tls, ALONE)) {
            Heddle.group(group -> {
                group.spawn("rehearsal", () -> server.serveUntold(listener));
                try (ByteStream stream = connect(listener.port(), tls != null)) {
                    if (Tls.session(stream).map(TlsSession::protocol).filter("h2"::equals).isPresent()) {
                        askByHttp2(stream);
                    } else {
                        stream.write(REQUESTS);
                        while (stream.read(new byte[1024]) >= 0) {
                            // The server closes it behind the last response.
                        }
                    }
                }
                server.close();
            });
        }
    }

    /** Reads frames up to the end of the response: one of DATA or HEADERS with END_STREAM. */
    private static void askByHttp2(ByteStream stream) {
        stream.write(HTTP2_REQUEST);
        byte[] frame;
        do {
            frame = stream.readExactly(9);
            stream.readExactly((frame[0] & 0xFF) << 16 | (frame[1] & 0xFF) << 8 | (frame[2] & 0xFF));
        } while (frame[3] > 1 || (frame[4] & 1) == 0);
    }

    private static ByteStream connect(int port, boolean secure) {
        ByteStream stream = Tcp.connect(HOST, port);
        return secure
                ? Tls.upgradeClient(stream, "localhost", ClientTls.DEFAULT.insecure().withProtocols("h2", "http/1.1"))
                : stream;
    }
}
