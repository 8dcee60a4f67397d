package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Chunked bodies for fuzzing: read as the server does, by Jetty's parser, and by a third decoder that shares nothing
 * with either.
 */
final class Chunks {

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private Chunks() {}

    /**
     * What came of some bytes.
     *
     * @param content of the chunks, in Latin-1; empty if there is no end
     * @param end how many bytes the body has taken, or -1 if it is bad or not complete
     */
    record Read(String content, int end) {

        static final Read NONE = new Read("", -1);
    }

    /** Reads pieces of one size. */
    static Read read(byte[] bytes, int step) {
        var body = ChunkedBody.ofRequest(Heads.LIMITS);
        return read(bytes, step, body::read, body::isDone);
    }

    /** What Jetty's parser makes of them. */
    static Read byJetty(byte[] bytes) {
        var parser = new JettyRequestParser(Heads.LIMITS);
        parser.parseHead(ByteBuffer.wrap(Wire.latin1(HEAD)));
        return read(bytes, Math.max(1, bytes.length), parser::parseBody, parser::bodyDone);
    }

    private static Read read(
            byte[] bytes, int step, BiConsumer<ByteBuffer, ByteBuffer> body, BooleanSupplier isDone) {
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        ByteBuffer content = ByteBuffer.allocate(bytes.length + 1);
        try {
            while (!isDone.getAsBoolean() && in.limit() < bytes.length) {
                in.limit(Math.min(bytes.length, in.limit() + step));
                int before = -1;
                while (!isDone.getAsBoolean() && in.position() != before) {
                    before = in.position();
                    body.accept(in, content);
                }
            }
        } catch (StatusException e) {
            return Read.NONE;
        }
        return isDone.getAsBoolean()
                ? new Read(Wire.text(Arrays.copyOf(content.array(), content.position())), in.position())
                : Read.NONE;
    }

    /** RFC 9112, section 7.1, line by line: sizes, data, extensions of visible characters, trailers that are fields. */
    static Read byTheBook(byte[] bytes) {
        String text = Wire.text(bytes);
        var content = new StringBuilder();
        int at = 0;
        while (true) {
            int lineEnd = text.indexOf("\r\n", at);
            String line = lineEnd < 0 ? "" : text.substring(at, lineEnd);
            if (!line.matches("[0-9A-Fa-f]{1,16}([\\t ]*;[\\t\\x20-\\x7e\\x80-\\xff]+)?")) {
                return Read.NONE;
            }
            long size = Long.parseUnsignedLong(line.replaceFirst("(?s)[\\t ]*;.*", ""), 16);
            at = lineEnd + 2;
            if (size == 0) {
                return trailers(text, at, content.toString());
            }
            if (size < 0 || size > text.length() - at - 2 || !text.startsWith("\r\n", at + (int) size)) {
                return Read.NONE;
            }
            content.append(text, at, at + (int) size);
            at += (int) size + 2;
        }
    }

    private static Read trailers(String text, int start, String content) {
        for (int at = start, end = text.indexOf("\r\n", at); end >= 0; at = end + 2, end = text.indexOf("\r\n", at)) {
            if (end == at) {
                return new Read(content, end + 2);
            }
            if (!text.substring(at, end).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e\\x80-\\xff]*")) {
                return Read.NONE;
            }
        }
        return Read.NONE;
    }
}
