package dev.heddle.http.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.http.gateway.DayExchange.Deed;
import dev.heddle.http.gateway.DayLedger.End;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/1.1 that is none of Heddle's, and holds what it gets against what it must get. */
final class DayClient implements DayVisitor {

    /** A gateway ends what is idle for a minute, and who asks in that moment is not answered. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(40);

    /** Longer than all limits of the gateway together let a client wait that does its part. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final int MAX_HEAD = 64 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final DayLedger ledger;
    private final SimRandom random;

    /** Kept as long as all is well with it; null before and after. */
    private @Nullable ByteStream stream;

    /** Whether the last answer has said that none will follow: so what was asked behind it is to be asked again. */
    private boolean isClosing;

    private long lastUsedNanos;

    DayClient(DayLedger ledger, SimRandom random) {
        this.ledger = ledger;
        this.random = random;
    }

    /** Sends requests behind each other over one connection, and takes the answers. */
    @Override
    public void visit(List<DayExchange> exchanges) {
        if (!Heddle.moveOnAfter(PATIENCE, () -> visitOnce(exchanges))) {
            ledger.wrong(exchanges.getFirst(), "a client waits for " + PATIENCE);
            close();
        }
    }

    @Override
    public void close() {
        ByteStream kept = stream;
        stream = null;
        if (kept != null) {
            if (random.chance(0.3)) {
                kept.abort();
            }
            kept.close();
        }
    }

    private void visitOnce(List<DayExchange> exchanges) {
        if (Heddle.currentLoop().nanoTime() - lastUsedNanos > MAX_IDLE.toNanos()) {
            close();
        }
        ByteStream to = stream;
        if (to == null) {
            try {
                to = Tcp.connect("gate", 80);
            } catch (ConnectFailedException e) {
                exchanges.forEach(each -> ledger.end(each, End.NOT_CONNECTED));
                return;
            }
            stream = to;
        }
        int answered = 0;
        boolean isGood = true;
        ByteStream through = to;
        Task<Boolean> sending = Heddle.spawn("sending", () -> isSent(through, exchanges));
        while (isGood && answered < exchanges.size()) {
            isGood = isGoodAfter(through, exchanges.get(answered++));
        }
        if (!isGood || !exchanges.getLast().isCalm && random.chance(0.3)) {
            // Also of a body that was answered before its end.
            sending.cancel();
        }
        isGood &= sending.awaitOutcome() instanceof Outcome.Success<Boolean>(Boolean isSent) && isSent;
        if (!isGood) {
            close();
        }
        List<DayExchange> rest = exchanges.subList(answered, exchanges.size());
        if (isClosing && !rest.isEmpty()) {
            visitOnce(rest);
        } else {
            rest.forEach(each -> ledger.end(each, End.CUT));
        }
        lastUsedNanos = Heddle.currentLoop().nanoTime();
    }

    // ---- the requests ----

    /** Whether all has left, and the connection stands. */
    private boolean isSent(ByteStream to, List<DayExchange> exchanges) {
        try {
            for (DayExchange each : exchanges) {
                send(to, each);
            }
            return to.isOpen();
        } catch (BrokenException | ClosedException gone) {
            // The answer tells, if one comes.
            return false;
        }
    }

    private void send(ByteStream to, DayExchange exchange) {
        String framing = exchange.up < 0
                ? ""
                : exchange.isChunkedUp ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + exchange.up + "\r\n";
        String head = exchange.method + ' ' + DayLedger.path(exchange) + " HTTP/1.1\r\nHost: day.example\r\n"
                + DayLedger.ID + ": " + exchange.id + "\r\n" + framing + "\r\n";
        int most = exchange.deed == Deed.LEAVES_IN_THE_BODY_OF_THE_REQUEST
                ? random.below(Math.max(1, exchange.up))
                : exchange.up;
        boolean isByPieces = exchange.deed == Deed.BY_PIECES;
        // Said before, since the other side may have it all before this one runs again.
        exchange.isSentWhole = exchange.up < 0 || (exchange.up == 0 && !exchange.isChunkedUp);
        write(to, head.getBytes(ISO_8859_1), isByPieces);
        for (int at = 0; at < most;) {
            int count = Math.min(most - at, 1 + random.below(isByPieces ? 3_000 : 30_000));
            byte[] part = DayBody.part(exchange.id, DayBody.UP, at, count);
            at += count;
            exchange.isSentWhole = at == exchange.up && !exchange.isChunkedUp;
            if (exchange.isChunkedUp) {
                write(to, (Integer.toHexString(count) + "\r\n").getBytes(ISO_8859_1), false);
            }
            write(to, part, false);
            if (exchange.isChunkedUp) {
                write(to, LINE_END, false);
            }
            if (isByPieces) {
                Heddle.sleep(random.upTo(Duration.ofSeconds(1)));
            }
        }
        if (most < exchange.up) {
            leave(to);
            return;
        }
        exchange.isSentWhole = true;
        if (exchange.up >= 0 && exchange.isChunkedUp) {
            write(to, "0\r\n\r\n".getBytes(ISO_8859_1), isByPieces);
        }
        if (exchange.deed == Deed.LEAVES_BEFORE_THE_ANSWER) {
            Heddle.sleep(random.upTo(Duration.ofMillis(200)));
            leave(to);
        }
    }

    private void write(ByteStream to, byte[] bytes, boolean isByPieces) {
        if (!isByPieces) {
            to.write(bytes);
            return;
        }
        for (byte each : bytes) {
            to.write(new byte[]{each});
            if (random.chance(0.05)) {
                Heddle.sleep(random.upTo(Duration.ofMillis(20)));
            }
        }
    }

    private void leave(ByteStream to) {
        switch (random.below(3)) {
            case 0 -> to.abort();
            case 1 -> to.closeOutput();
            default -> to.close();
        }
    }

    // ---- the answers ----

    /** What stands in the head of an answer. */
    private record Head(int status, Map<String, String> fields) {

        static Head read(ByteStream from) {
            String[] lines = new String(from.readUntil(HEAD_END, MAX_HEAD), ISO_8859_1).split("\r\n", -1);
            Map<String, String> fields = new TreeMap<>();
            for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
                int colon = lines[i].indexOf(':');
                fields.merge(lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip(), (one, other) -> one + ',' + other);
            }
            return new Head(Integer.parseInt(lines[0].substring("HTTP/1.1 ".length()).split(" ", 2)[0]), fields);
        }

        String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    /** Takes an answer; false if the connection is good for no more. */
    private boolean isGoodAfter(ByteStream from, DayExchange exchange) {
        isClosing = false;
        try {
            Head head = Head.read(from);
            while (head.status() < 200) {
                boolean isHint = exchange.manner == DayExchange.Manner.HINTS
                        && head.field("link").contains('<' + DayLedger.path(exchange) + '>');
                boolean isWanted = head.status() == 100 && exchange.up > 0;
                ledger.check(isHint || isWanted, exchange, "a hint of something else, " + head);
                head = Head.read(from);
            }
            boolean isOfUpstream = head.fields().containsKey("x-id");
            var body = new DayBody(exchange.id, DayBody.DOWN);
            if (!readBody(from, head, isOfUpstream, body, exchange)) {
                ledger.end(exchange, End.CLIENT_LEFT);
                return false;
            }
            if (isOfUpstream) {
                ledger.answered(exchange, head.status(), head.field("x-id"), body.count());
            } else {
                ledger.refused(exchange, head.status(), head.field("proxy-status"));
            }
            isClosing = head.field("connection").equals("close");
            return !isClosing;
        } catch (BrokenException | ClosedException | EndOfStreamException e) {
            ledger.end(exchange, exchange.deed.isToTheEnd() ? End.CUT : End.CLIENT_LEFT);
            return false;
        }
    }

    /** False if this side does not want the rest. */
    private boolean readBody(ByteStream from, Head head, boolean isOfUpstream, DayBody into, DayExchange exchange) {
        if (exchange.method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return true;
        }
        DayBody checked = isOfUpstream ? into : null;
        if (head.field("transfer-encoding").equals("chunked")) {
            for (int size = chunkSize(from); size > 0; size = chunkSize(from)) {
                if (!read(from, size, checked, exchange)) {
                    return false;
                }
                from.readExactly(2);
            }
            while (line(from).length() > 0) {
                // Fields behind the body.
            }
            return true;
        }
        ledger.check(!head.field("content-length").isEmpty(), exchange, "an answer without an end, " + head);
        return read(from, Integer.parseInt(head.field("content-length")), checked, exchange);
    }

    private static String line(ByteStream from) {
        byte[] line = from.readUntil(LINE_END, MAX_HEAD);
        return new String(line, 0, line.length - 2, ISO_8859_1);
    }

    private static int chunkSize(ByteStream from) {
        return Integer.parseInt(line(from).split(";", 2)[0].strip(), 16);
    }

    private boolean read(ByteStream from, int length, @Nullable DayBody into, DayExchange exchange) {
        byte[] piece = new byte[exchange.deed == Deed.READS_SLOWLY ? 2_000 : 16_384];
        for (int left = length; left > 0;) {
            int count = from.read(piece, 0, Math.min(left, piece.length));
            if (count < 0) {
                throw new BrokenException("the answer has ended early");
            }
            if (into != null && !into.take(piece, count)) {
                ledger.wrong(exchange, "other bytes at the client, up to " + into.count());
            }
            left -= count;
            if (exchange.deed == Deed.READS_SLOWLY) {
                Heddle.sleep(random.upTo(Duration.ofSeconds(1)));
            }
            if (exchange.deed == Deed.LEAVES_IN_THE_ANSWER && random.chance(0.3)) {
                return false;
            }
        }
        return true;
    }
}
