package dev.heddle.http.gateway;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.DayExchange.Deed;
import dev.heddle.http.gateway.DayLedger.End;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.SimRandom;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** A client of HTTP/2, which is Heddle's own: what is asked at once are streams of one connection. */
final class DayHttpClient implements DayVisitor {

    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final int PIECE = 16_384;

    private final DayLedger ledger;
    private final SimRandom random;
    private final HttpClient http = HttpClient.builder().http2PriorKnowledge().build();

    DayHttpClient(DayLedger ledger, SimRandom random) {
        this.ledger = ledger;
        this.random = random;
    }

    @Override
    public void visit(List<DayExchange> exchanges) {
        Heddle.forEach(exchanges, exchanges.size(), this::visit);
    }

    @Override
    public void close() {
        http.close();
    }

    private void visit(DayExchange exchange) {
        boolean leaves = !exchange.deed.isToTheEnd();
        Duration patience = leaves ? random.upTo(Duration.ofSeconds(2)) : PATIENCE;
        boolean isOver = Heddle.moveOnAfter(patience, () -> {
            try {
                ask(exchange);
            } catch (CancelledException e) {
                throw e;
            } catch (ConnectFailedException e) {
                ledger.end(exchange, End.NOT_CONNECTED);
            } catch (HeddleException e) {
                ledger.end(exchange, End.CUT);
            }
        });
        if (!isOver) {
            ledger.check(leaves, exchange, "a client waits for " + PATIENCE);
            ledger.end(exchange, End.CLIENT_LEFT);
        }
    }

    private void ask(DayExchange exchange) {
        ClientRequest request = http.request(exchange.method, "http://gate" + DayLedger.path(exchange))
                .header(DayLedger.ID, "" + exchange.id)
                .onInterim((status, fields) -> ledger.check(status == 100
                        || fields.all("Link").toString().contains('<' + DayLedger.path(exchange) + '>'),
                        exchange, "a hint of something else, " + fields));
        exchange.isSentWhole = exchange.up <= 0;
        if (exchange.up >= 0) {
            request.bodyOnce(exchange.isChunkedUp ? -1 : exchange.up, out -> send(exchange, out)).duplex();
        }
        try (Reply reply = request.send()) {
            boolean isOfUpstream = reply.headers().contains(DayLedger.ID);
            var body = new DayBody(exchange.id, DayBody.DOWN);
            byte[] piece = new byte[PIECE];
            for (int count = reply.read(piece); count >= 0; count = reply.read(piece)) {
                if (isOfUpstream && !body.take(piece, count)) {
                    ledger.wrong(exchange, "other bytes at the client, up to " + body.count());
                }
                if (exchange.deed == Deed.READS_SLOWLY) {
                    Heddle.sleep(random.upTo(Duration.ofSeconds(3)));
                }
            }
            if (isOfUpstream) {
                ledger.answered(exchange, reply.status(), first(reply, DayLedger.ID), body.count());
            } else {
                ledger.refused(exchange, reply.status(), first(reply, "Proxy-Status"));
            }
        }
    }

    private static String first(Reply reply, String name) {
        List<String> all = reply.headers().all(name);
        return all.isEmpty() ? "" : String.join(",", all);
    }

    private void send(DayExchange exchange, OutputStream out) throws IOException {
        boolean isByPieces = exchange.deed == Deed.BY_PIECES;
        for (int at = 0; at < exchange.up;) {
            int count = Math.min(exchange.up - at, 1 + random.below(isByPieces ? 3_000 : 30_000));
            byte[] part = DayBody.part(exchange.id, DayBody.UP, at, count);
            at += count;
            // Said before, since the other side may have it before this one runs again.
            exchange.isSentWhole = at == exchange.up;
            out.write(part);
            if (isByPieces) {
                out.flush();
                Heddle.sleep(random.upTo(Duration.ofSeconds(1)));
            }
            if (exchange.deed == Deed.LEAVES_IN_THE_BODY_OF_THE_REQUEST && random.chance(0.3)) {
                throw new BrokenException("the client has no more");
            }
        }
    }
}
