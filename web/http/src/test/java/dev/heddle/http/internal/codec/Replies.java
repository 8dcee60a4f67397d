package dev.heddle.http.internal.codec;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Replies for fuzzing, read in pieces. */
final class Replies {

    /** As a client has them that is told nothing else. */
    static final HeadLimits LIMITS = new HeadLimits(64 * 1024, 64 * 1024, 256);

    private Replies() {}

    /**
     * What came of some bytes.
     *
     * @param what the status line, body and end, or that it is bad or not complete
     * @param headers compared without the case of names
     * @param names of the fields in the case in which they are told
     * @param rest bytes behind the reply
     */
    record Read(String what, Headers headers, List<String> names, int rest) {

        boolean isBad() {
            return what.equals("bad");
        }

        boolean isWithoutHead() {
            return what.equals("no head");
        }

        /** Without the case of names. */
        Read withoutNames() {
            return new Read(what, headers, List.of(), rest);
        }

        static Read failed(String what) {
            return new Read(what, Headers.EMPTY, List.of(), 0);
        }
    }

    /** Reads pieces of one size. */
    static Read read(byte[] bytes, int step) {
        return read(bytes, step, new ReplyParser(LIMITS));
    }

    static Read read(byte[] bytes, int step, ReplyParser parser) {
        parser.start(false);
        return read(bytes, step, new Parser(
                parser::parseHead, parser::parseBody, parser::isComplete,
                () -> parser.isEndedByClose() ? "ended by close" : "not complete",
                () -> " by " + parser.head().protocol() + ", length " + parser.length() + " " + parser.isPersistent(),
                parser::head, parser::trailers));
    }

    /** What Jetty's parser makes of them. */
    static Read byJetty(byte[] bytes, int step, HeadLimits limits) {
        var parser = new JettyReplyParser(limits);
        parser.start(false);
        return read(bytes, step, new Parser(
                parser::parseHead, parser::parseBody, parser::isComplete,
                () -> parser.isEndedByClose() ? "ended by close" : "not complete",
                () -> " by " + parser.head().protocol() + ", length " + parser.length() + " " + parser.isPersistent(),
                parser::head, parser::trailers));
    }

    /** What the parsers have in common. */
    private record Parser(
            Predicate<ByteBuffer> head,
            Body body,
            BooleanSupplier complete,
            Supplier<String> otherEnd,
            Supplier<String> facts,
            Supplier<ReplyHead> read,
            Supplier<Headers> trailers) {

        interface Body {

            int parse(ByteBuffer bytes, byte[] target, int offset, int count);
        }
    }

    private static Read read(byte[] bytes, int step, Parser parser) {
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        var body = new StringBuilder();
        try {
            boolean head = false;
            while (!parser.complete.getAsBoolean() && in.limit() < bytes.length) {
                in.limit(Math.min(bytes.length, in.limit() + step));
                head = head || parser.head.test(in);
                if (head) {
                    readBody(parser, in, body);
                }
            }
            if (!head) {
                return Read.failed("no head");
            }
            String ended = parser.complete.getAsBoolean() ? "complete" : parser.otherEnd.get();
            ReplyHead read = parser.read.get();
            return new Read(
                    read.status() + " " + read.reason() + parser.facts.get() + "\n" + body + "\n"
                            + parser.trailers.get() + ended,
                    read.headers(),
                    Heads.names(read.headers()),
                    bytes.length - in.position());
        } catch (BadReplyException e) {
            return Read.failed("bad");
        }
    }

    private static void readBody(Parser parser, ByteBuffer in, StringBuilder body) {
        var target = new byte[64];
        while (!parser.complete.getAsBoolean()) {
            int count = parser.body.parse(in, target, 0, target.length);
            body.append(Wire.text(Arrays.copyOf(target, count)));
            if (count == 0) {
                return;
            }
        }
    }
}
