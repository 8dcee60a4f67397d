package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The framing of messages in a stream of bytes: how they are cut from it and put into it. The methods here give the
 * usual ways; a protocol of its own implements the two methods, of which {@link ByteStream#fill(int)} is the tool: it
 * shows bytes without taking them.
 *
 * <pre>{@code
 * var messages = new MessageStream(stream, Framing.lengthPrefixed(4, 1_000_000));
 * for (byte[] message : messages) {
 *     messages.send(answer(message));
 * }
 * }</pre>
 *
 * <p>Whoever receives names the longest message, and a length that the peer announces is checked against it before any
 * memory is taken for it.
 *
 * <p>Threads: a framing keeps nothing and may be shared by any. Cancellation: a cancelled receive has taken nothing.
 *
 * <p>To test code that uses one, play the peer at the other end of {@link MemoryStreams#pair()}.
 */
public interface Framing {

    /**
     * Receives the next message, waiting until all of it is there.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return the message, maybe of no bytes; empty if the stream ends before its first byte
     * @throws LimitExceededException if it is longer than allowed; it stays unread
     * @throws MalformedMessageException if the bytes are no message; they stay unread
     * @throws EndOfStreamException if the stream ends in the middle of it; with the bytes so far
     * @throws ClosedException if this side closes the stream, before or while waiting
     * @throws BrokenException if the connection is lost
     * @throws BusyException if another task is reading
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    Optional<byte[]> receive(ByteStream stream);

    /**
     * Sends a message, waiting while the peer is slower.
     *
     * <p>Cancellation: a cancelled call has sent nothing, or has broken the stream's output.
     *
     * @throws IllegalArgumentException if the message has no such form: it is too long, or holds the delimiter
     * @throws ClosedException if this side closes the stream, before or while waiting
     * @throws BrokenException if the connection is lost, or an earlier write was cut off
     * @throws BusyException if another task is writing
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    void send(ByteStream stream, byte[] message);

    /**
     * A length before each message, in network byte order (big endian), which does not count itself. The record it
     * gives has methods for other forms.
     *
     * @param prefixBytes how many bytes the length takes: 1, 2 or 4
     * @param maxBytes the longest message
     */
    static LengthPrefixed lengthPrefixed(int prefixBytes, int maxBytes) {
        return new LengthPrefixed(prefixBytes, maxBytes, ByteOrder.BIG_ENDIAN, false);
    }

    /**
     * A length of one to five bytes before each message, seven bits in each, the lowest first, as Protocol Buffers
     * write it for "delimited" messages.
     *
     * @param maxBytes the longest message
     */
    static Framing varint(int maxBytes) {
        return new VarintFraming(maxBytes);
    }

    /**
     * Netstrings: {@code 12:hello world!,} (<a href="https://cr.yp.to/proto/netstrings.txt">netstrings.txt</a>).
     * Strict: a length has no leading zeros.
     *
     * @param maxBytes the longest message
     */
    static Framing netstrings(int maxBytes) {
        return new NetstringFraming(maxBytes);
    }

    /**
     * Lines that end with {@code \n} or {@code \r\n}, and are sent with {@code \n}. For text, {@link ByteStream#lines}
     * is shorter.
     *
     * @param maxBytes the longest line, its end not counted
     */
    static Framing lines(int maxBytes) {
        return new LineFraming(maxBytes);
    }

    /**
     * A delimiter after each message.
     *
     * @param delimiter the bytes that end a message, at least one; copied
     * @param maxBytes the longest message, the delimiter not counted
     */
    static Framing delimited(byte[] delimiter, int maxBytes) {
        return new DelimitedFraming(delimiter.clone(), maxBytes);
    }
}
