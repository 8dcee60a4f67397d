package dev.heddle.http.gateway;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Waiter;
import dev.heddle.http.Headers;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.sim.SimRandom;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** An upstream of HTTP/2, which is Heddle's own: it keeps to the protocol, but its handlers fail, stall and are silent. */
final class DayHttpServer {

    private static final int FEW_REQUESTS = 30;

    private final DayLedger ledger;
    private final SimRandom random;

    DayHttpServer(DayLedger ledger, SimRandom random) {
        this.ledger = ledger;
        this.random = random;
    }

    /** Serves until it is cancelled. */
    void serve(String host) {
        HttpServer.builder()
                .get("/health", request -> Response.empty(200))
                .any("/exchange/{id}", this::handle)
                .webSocket(DaySockets.PATH + "{talk}", (request, socket) -> DaySockets.echo(ledger, request, socket))
                // Its connections end often, by GOAWAY.
                .limits(ServerLimits.DEFAULT.withMaxRequests(FEW_REQUESTS))
                .serve(host, 80);
    }

    private Response handle(Request request) {
        DayExchange exchange = ledger.at(request.path());
        ledger.arrived(exchange, request.header(DayLedger.ID).orElse("none"));
        ledger.check(request.method().equals(exchange.method), exchange, "another method, " + request.method());
        Headers fields = Headers.of(DayLedger.ID, "" + exchange.id);
        int status = Math.max(200, exchange.status());
        switch (exchange.manner) {
            case SILENT, NOTHING -> new Waiter("the end of the gateway's patience").await();
            case EARLY_END, EARLY -> {
                // Before the body of the request.
            }
            default -> readBody(request, exchange);
        }
        return switch (exchange.manner) {
            case NO_CONTENT, NOT_MODIFIED, NO_CONTENT_WITH_A_BODY, NOT_MODIFIED_WITH_A_BODY ->
                Response.empty(status).withHeaders(fields);
            case HINTS -> {
                request.sendEarlyHints(Headers.of("Link", "<" + DayLedger.path(exchange) + ">; rel=preload"));
                yield Response.stream(status, fields, exchange.down, out -> write(exchange, out));
            }
            case EARLY -> Response.stream(status, fields, exchange.down, out -> {
                write(exchange, out);
                out.flush();
                readBody(request, exchange);
            });
            case SHORT, SHORT_CHUNKED, BAD_CHUNK, TWO_LENGTHS, LENGTH_AND_CHUNKED, NO_HTTP, HALF_A_HEAD, STALLED -> {
                long length = random.chance(0.5) ? -1 : exchange.down + 1;
                yield Response.stream(status, fields, length, out -> {
                    write(exchange, out);
                    out.flush();
                    if (exchange.manner == DayExchange.Manner.STALLED) {
                        new Waiter("the end of the gateway's patience").await();
                    }
                    throw new BrokenException("the rest is lost");
                });
            }
            default -> Response.stream(status, fields, random.chance(0.5) ? -1 : exchange.down,
                    out -> write(exchange, out));
        };
    }

    private void readBody(Request request, DayExchange exchange) {
        var body = new DayBody(exchange.id, DayBody.UP);
        byte[] piece = new byte[8_192];
        for (int count = request.read(piece); count >= 0; count = request.read(piece)) {
            if (!body.take(piece, count)) {
                ledger.wrong(exchange, "other bytes at the upstream, up to " + body.count());
            }
        }
        ledger.hadWhole(exchange, body.count());
    }

    private void write(DayExchange exchange, OutputStream out) throws IOException {
        for (int at = 0; at < exchange.down;) {
            int count = Math.min(exchange.down - at, 1 + random.below(20_000));
            out.write(DayBody.part(exchange.id, DayBody.DOWN, at, count));
            at += count;
            if (exchange.manner == DayExchange.Manner.SLOW) {
                out.flush();
                Heddle.sleep(random.upTo(Duration.ofSeconds(1)));
            }
        }
    }
}
