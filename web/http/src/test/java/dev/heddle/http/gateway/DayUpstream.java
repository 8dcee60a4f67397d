package dev.heddle.http.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server of HTTP/1.1 that is none of Heddle's, and behaves as the exchange says: by the book, or in one of the ways in
 * which servers break it.
 */
final class DayUpstream {

    private static final int MAX_HEAD = 64 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final DayLedger ledger;
    private final SimRandom random;

    DayUpstream(DayLedger ledger, SimRandom random) {
        this.ledger = ledger;
        this.random = random;
    }

    /** Serves until it is cancelled. */
    void serve(String host) {
        try (Listener listener = Tcp.listen(host, 80)) {
            listener.serve(1_000, this::talk);
        }
    }

    private void talk(ByteStream stream) {
        try {
            while (isGoodForMore(stream)) {
                // The next request.
            }
        } catch (BrokenException | ClosedException | EndOfStreamException gone) {
            // Nobody is there to be answered.
        }
    }

    /** What stands in the head of a request. */
    private record Head(String method, String path, Map<String, String> fields) {

        static Head read(ByteStream stream) {
            String[] lines = new String(stream.readUntil(HEAD_END, MAX_HEAD), ISO_8859_1).split("\r\n", -1);
            String[] start = lines[0].split(" ", -1);
            Map<String, String> fields = new TreeMap<>();
            for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
                int colon = lines[i].indexOf(':');
                fields.merge(lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip(), (one, other) -> one + ',' + other);
            }
            return new Head(start[0], start[1], fields);
        }
    }

    private boolean isGoodForMore(ByteStream stream) {
        Head head = Head.read(stream);
        if (head.path().equals("/health")) {
            write(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return true;
        }
        DayExchange exchange = ledger.at(head.path());
        ledger.arrived(exchange, head.fields().getOrDefault("x-id", "none"));
        ledger.check(head.method().equals(exchange.method), exchange, "another method, " + head.method());
        return switch (exchange.manner) {
            case EARLY -> {
                answer(stream, exchange);
                readBody(stream, head, exchange);
                yield true;
            }
            case EARLY_END -> {
                answer(stream, exchange);
                yield false;
            }
            case SILENT -> {
                wait(stream);
                yield false;
            }
            case NOTHING -> {
                if (random.chance(0.5)) {
                    stream.abort();
                }
                yield false;
            }
            default -> {
                readBody(stream, head, exchange);
                if (exchange.manner == DayExchange.Manner.HINTS) {
                    hint(stream, exchange);
                }
                yield answer(stream, exchange);
            }
        };
    }

    // ---- the body of a request ----

    private void readBody(ByteStream stream, Head head, DayExchange exchange) {
        String length = head.fields().get("content-length");
        boolean isChunked = head.fields().containsKey("transfer-encoding");
        ledger.check(!isChunked || length == null, exchange, "two framings");
        var body = new DayBody(exchange.id, DayBody.UP);
        if (isChunked) {
            for (int size = chunkSize(stream); size > 0; size = chunkSize(stream)) {
                read(stream, size, body, exchange);
                stream.readExactly(2);
            }
            while (line(stream).length() > 0) {
                // Fields behind the body.
            }
        } else if (length != null) {
            read(stream, Integer.parseInt(length), body, exchange);
        }
        if (exchange.up > 0 || isChunked || length != null) {
            ledger.hadWhole(exchange, body.count());
        }
    }

    private static String line(ByteStream stream) {
        byte[] line = stream.readUntil(LINE_END, MAX_HEAD);
        return new String(line, 0, line.length - 2, ISO_8859_1);
    }

    private static int chunkSize(ByteStream stream) {
        return Integer.parseInt(line(stream).split(";", 2)[0].strip(), 16);
    }

    private void read(ByteStream stream, int length, DayBody into, DayExchange exchange) {
        byte[] piece = new byte[8_192];
        for (int left = length; left > 0;) {
            int count = stream.read(piece, 0, Math.min(left, piece.length));
            if (count < 0) {
                throw new BrokenException("the body has ended early");
            }
            if (!into.take(piece, count)) {
                ledger.wrong(exchange, "other bytes at the upstream, up to " + into.count());
            }
            left -= count;
        }
    }

    // ---- the answer ----

    private void hint(ByteStream stream, DayExchange exchange) {
        for (int i = 1 + random.below(3); i > 0; i--) {
            write(stream, "HTTP/1.1 103 Early Hints\r\nLink: <" + DayLedger.path(exchange) + ">; rel=preload\r\n\r\n");
            pause(Duration.ofMillis(300));
        }
    }

    private boolean answer(ByteStream stream, DayExchange exchange) {
        int status = Math.max(200, exchange.status());
        String start = "HTTP/1.1 " + status + " Of The Day\r\n" + DayLedger.ID + ": " + exchange.id + "\r\n";
        int bytes = exchange.answerBytes();
        boolean hasBody = !exchange.method.equals("HEAD");
        switch (exchange.manner) {
            case CHUNKED, SHORT_CHUNKED, BAD_CHUNK -> {
                write(stream, start + "Transfer-Encoding: chunked\r\n\r\n");
                if (hasBody) {
                    writeChunks(stream, exchange);
                }
            }
            case UNTIL_THE_END -> {
                write(stream, start + "Connection: close\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes);
            }
            case NO_CONTENT, NOT_MODIFIED -> write(stream, start + "\r\n");
            case NO_CONTENT_WITH_A_BODY, NOT_MODIFIED_WITH_A_BODY -> write(stream, start + "\r\nno body stands here");
            case LONG -> {
                write(stream, start + "Content-Length: " + exchange.down + "\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes + 1_000);
            }
            case SHORT -> {
                write(stream, start + "Content-Length: " + (exchange.down + 1 + random.below(1_000)) + "\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes);
            }
            case STALLED -> {
                write(stream, start + "Content-Length: " + (exchange.down + 1) + "\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes);
                wait(stream);
            }
            case TWO_LENGTHS -> {
                write(stream, start + "Content-Length: " + exchange.down + "\r\nContent-Length: " + (exchange.down + 1)
                        + "\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes);
            }
            case LENGTH_AND_CHUNKED -> {
                write(stream, start + "Content-Length: " + exchange.down + "\r\nTransfer-Encoding: gzip\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes);
            }
            case NO_HTTP -> write(stream, "220 mail.example ESMTP\r\n\r\n");
            case HALF_A_HEAD -> write(stream, start.substring(0, 10 + random.below(start.length() - 10)));
            default -> {
                String end = exchange.manner == DayExchange.Manner.EARLY_END ? "Connection: close\r\n" : "";
                write(stream, start + end + "Content-Length: " + exchange.down + "\r\n\r\n");
                write(stream, exchange, 0, bytes, bytes);
            }
        }
        return exchange.manner.isGood() && exchange.manner != DayExchange.Manner.UNTIL_THE_END;
    }

    private void writeChunks(ByteStream stream, DayExchange exchange) {
        for (int at = 0; at < exchange.down;) {
            int size = 1 + random.below(exchange.down - at);
            write(stream, Integer.toHexString(size) + (random.chance(0.2) ? ";a=b" : "") + "\r\n");
            write(stream, exchange, at, at + size, at + size);
            at += size;
            write(stream, "\r\n");
        }
        switch (exchange.manner) {
            case BAD_CHUNK -> write(stream, "no number\r\n\r\n");
            case CHUNKED -> write(stream, "0\r\n" + (random.chance(0.3) ? "X-Behind: it\r\n" : "") + "\r\n");
            default -> {
                // No end.
            }
        }
    }

    private void write(ByteStream stream, String text) {
        stream.write(text.getBytes(ISO_8859_1));
    }

    /** Writes a part of the body, piece by piece; what lies beyond the end of the body is no part of it. */
    private void write(ByteStream stream, DayExchange exchange, int from, int end, int withSurplus) {
        for (int at = from; at < withSurplus;) {
            int count = Math.min(withSurplus - at, 1 + random.below(20_000));
            byte[] piece = DayBody.part(exchange.id, DayBody.DOWN, at, count);
            for (int i = Math.max(0, end - at); i < count; i++) {
                piece[i] = '?';
            }
            stream.write(piece);
            at += count;
            if (exchange.manner == DayExchange.Manner.SLOW) {
                pause(Duration.ofSeconds(1));
            }
        }
    }

    private void pause(Duration most) {
        Heddle.sleep(random.upTo(most));
    }

    /** Until the gateway gives it up. */
    private static void wait(ByteStream stream) {
        byte[] piece = new byte[8_192];
        while (stream.read(piece) >= 0) {
            // Says nothing.
        }
    }
}
