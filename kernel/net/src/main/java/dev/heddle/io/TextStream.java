package dev.heddle.io;

import dev.heddle.internal.Incoming;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Iterator;
import java.util.Optional;

/**
 * A two-way stream of text over a stream of bytes: characters as they come, never half of one.
 *
 * <pre>{@code
 * for (String text : TextStream.strict(stream, StandardCharsets.UTF_8)) {
 *     IO.print(text);
 * }
 * }</pre>
 *
 * <p>How the text is cut means nothing. For lines there is {@link ByteStream#lines}.
 *
 * <p>Threads: as {@link ByteStream}: one task receives and one sends at a time, any may close. Cancellation: a
 * cancelled receive has taken nothing; a cancelled send has sent nothing, or has broken the output. To test code that
 * uses it, write bytes at the other end of {@link MemoryStreams#pair()}.
 */
public final class TextStream implements Iterable<String>, AutoCloseable {

    private final ByteStream stream;
    private final CharsetDecoder decoder;
    private final CodingErrorAction onError;

    /** How many bytes the charset puts before all that it encodes, such as the byte order mark of UTF-16. */
    private final int markBytes;

    /** How many bytes a letter has, where the charset leaves a shift open at its end that the letter closes; else 0. */
    private final int closerBytes;

    private boolean marked;

    private TextStream(ByteStream stream, Charset charset, CodingErrorAction onError) {
        this.stream = stream;
        this.onError = onError;
        this.decoder = charset.newDecoder().onMalformedInput(onError).onUnmappableCharacter(onError);
        this.markBytes = charset.canEncode() ? markBytes(charset) : 0;
        boolean leavesShift = charset.canEncode() && charset.name().contains("2022");
        this.closerBytes = leavesShift ? "a".getBytes(charset).length - markBytes : 0;
    }

    private static int markBytes(Charset charset) {
        return 2 * "a".getBytes(charset).length - "aa".getBytes(charset).length;
    }

    /** Refuses bytes that are no text with a {@link MalformedMessageException}. */
    public static TextStream strict(ByteStream stream, Charset charset) {
        return new TextStream(stream, charset, CodingErrorAction.REPORT);
    }

    /** Puts U+FFFD in the place of bytes that are no text, and {@code ?} or alike for what the charset lacks. */
    public static TextStream replacing(ByteStream stream, Charset charset) {
        return new TextStream(stream, charset, CodingErrorAction.REPLACE);
    }

    /**
     * Receives the text that is there, waiting while there is none. Fails otherwise as {@link ByteStream#read(byte[])}.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return at least one character; empty at the end
     * @throws MalformedMessageException if strict and the next bytes are no text; they stay unread
     */
    public Optional<String> receive() {
        int wanted = 1;
        while (true) {
            ByteBuffer bytes = stream.fill(wanted);
            boolean ended = bytes.remaining() < wanted;
            if (!bytes.hasRemaining()) {
                return Optional.empty();
            }
            CharBuffer text = CharBuffer
                    .allocate((int) Math.ceil(bytes.remaining() * (double) decoder.maxCharsPerByte()));
            int before = bytes.position();
            CoderResult result = decoder.decode(bytes, text, ended);
            if (!ended && text.position() > 0 && Character.isHighSurrogate(text.get(text.position() - 1))) {
                // Half a character, as CESU-8 has them: the other half is still to come.
                bytes.position(before);
                text.limit(text.position() - 1).position(0);
                decoder.reset().decode(bytes, text, false);
            }
            if (ended) {
                decoder.reset();
            }
            if (text.position() > 0) {
                // Ends the loan, so that a stream whose bytes are all taken holds no buffer.
                stream.buffered();
                return Optional.of(text.flip().toString());
            }
            if (result.isError()) {
                throw new MalformedMessageException(
                        stream.remoteAddress() + " sent what is no text in " + decoder.charset() + ": the byte "
                                + Byte.toUnsignedInt(bytes.get(bytes.position())));
            }
            wanted = bytes.remaining() + 1;
        }
    }

    /**
     * Sends a text, waiting while the peer is slower. A byte order mark, where the charset has one, goes before the
     * first text only. Fails otherwise as {@link ByteStream#write(ByteBuffer)}.
     *
     * <p>Cancellation: a cancelled call has sent nothing, or has broken the output.
     *
     * @throws IllegalArgumentException if strict and the charset lacks a character of it
     */
    public void send(String text) {
        ByteBuffer bytes = encode(text);
        if (bytes.hasRemaining()) {
            // Inside of a text a mark would be a character.
            bytes.position(marked ? markBytes : 0);
            stream.write(bytes);
            marked = true;
        }
    }

    private ByteBuffer encode(String text) {
        try {
            String closed = closerBytes > 0 && !text.isEmpty() ? text + "a" : text;
            ByteBuffer bytes = decoder.charset().newEncoder().onMalformedInput(onError).onUnmappableCharacter(onError)
                    .encode(CharBuffer.wrap(closed));
            return bytes.limit(bytes.limit() - (bytes.hasRemaining() ? closerBytes : 0));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text cannot be written in " + decoder.charset(), e);
        }
    }

    /**
     * The text that comes, each piece as by {@link #receive} when the loop asks for it; it ends when the peer ends the
     * stream.
     */
    @Override
    public Iterator<String> iterator() {
        return new Incoming<>(this::receive, "the stream has ended");
    }

    /** Ends the outgoing direction, as {@link ByteStream#closeOutput}. */
    public void closeOutput() {
        stream.closeOutput();
    }

    /** Closes the stream below, as {@link ByteStream#close}. */
    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return "TextStream[" + stream.localAddress() + " to " + stream.remoteAddress() + ", " + decoder.charset() + "]";
    }
}
