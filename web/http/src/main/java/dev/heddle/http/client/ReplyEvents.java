package dev.heddle.http.client;

import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.internal.codec.EventParser;
import dev.heddle.internal.Incoming;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of one reply, read as they are asked for. */
final class ReplyEvents {

    private static final int READ_BYTES = 8 * 1024;

    private ReplyEvents() {}

    static Iterator<ServerSentEvent> of(Reply reply, EventParser parser) {
        byte[] buffer = new byte[READ_BYTES];
        return new Incoming<>(
                () -> Optional.ofNullable(next(reply, parser, buffer)), "the stream of events has ended");
    }

    private static @Nullable ServerSentEvent next(Reply reply, EventParser parser, byte[] buffer) {
        ServerSentEvent next = parser.poll();
        while (next == null) {
            int count = reply.read(buffer);
            if (count < 0) {
                return null;
            }
            parser.feed(buffer, count);
            next = parser.poll();
        }
        return next;
    }
}
