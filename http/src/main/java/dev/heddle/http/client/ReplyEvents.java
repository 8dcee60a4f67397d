package dev.heddle.http.client;

import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.internal.codec.EventParser;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The events of one reply, read as they are asked for. */
final class ReplyEvents implements Iterator<ServerSentEvent> {

    private static final int READ_BYTES = 8 * 1024;

    private final Reply reply;
    private final EventParser parser;
    private final byte[] buffer = new byte[READ_BYTES];
    private @Nullable ServerSentEvent next;

    ReplyEvents(Reply reply, EventParser parser) {
        this.reply = reply;
        this.parser = parser;
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            next = parser.poll();
            if (next == null) {
                int count = reply.read(buffer);
                if (count < 0) {
                    return false;
                }
                parser.feed(buffer, count);
            }
        }
        return true;
    }

    @Override
    public ServerSentEvent next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("the stream of events has ended");
        }
        ServerSentEvent event = next;
        next = null;
        return event;
    }
}
